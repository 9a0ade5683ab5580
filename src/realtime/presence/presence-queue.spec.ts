import { describe, expect, it } from 'vitest';
import { NearConnection } from '../../../test/support/wire.js';
import type { Connection } from '../connections/connection.js';
import type { PresenceFrames, Told } from './presence-frames.js';
import { PresenceQueue } from './presence-queue.js';

/** Frames that cannot be made as long as the database is away. */
class Frames {
  readonly sent: [Connection, string, boolean][] = [];
  isAway = false;

  send(told: ReadonlyMap<Connection, Told>): Promise<void> {
    if (this.isAway) return Promise.reject(new Error('the database is away'));
    for (const [connection, some] of told)
      for (const [userId, isNew] of some) this.sent.push([connection, userId, isNew]);
    return Promise.resolve();
  }
}

describe('PresenceQueue', () => {
  it('tells what could not be told with the next beat, together with what came since', async () => {
    const frames = new Frames();
    const queue = new PresenceQueue(frames as unknown as PresenceFrames);
    const { connection } = new NearConnection('ann');
    connection.isCaughtUp = true;
    frames.isAway = true;
    queue.add(connection, 'bob', true);
    await expect(queue.deliver()).rejects.toThrow('away');
    queue.add(connection, 'bob');
    queue.add(connection, 'cid');
    frames.isAway = false;
    await queue.deliver();
    await queue.deliver();
    expect(frames.sent).toEqual([
      [connection, 'bob', true],
      [connection, 'cid', false],
    ]);
  });

  it('forgets who has gone meanwhile', async () => {
    const frames = new Frames();
    const queue = new PresenceQueue(frames as unknown as PresenceFrames);
    const { connection } = new NearConnection('ann');
    connection.isCaughtUp = true;
    frames.isAway = true;
    queue.add(connection, 'bob');
    const beat = queue.deliver();
    connection.isClosing = true;
    await expect(beat).rejects.toThrow('away');
    frames.isAway = false;
    await queue.deliver();
    expect(frames.sent).toEqual([]);
  });
});
