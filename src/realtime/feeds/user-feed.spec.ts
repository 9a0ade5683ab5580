import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NearConnection } from '../../../test/support/wire.js';
import { UserFeed } from './user-feed.js';
import type { UserNote } from './user-note.js';

type Note = Extract<UserNote, { userRev: number }>;

const HOLE_MS = 250;

const note = (userRev: number): Note => ({ type: 'event', userRev, event: 'read.updated', data: {} });
const added = (userRev: number): Note => ({ type: 'added', userRev, roomId: 'r', joinedRev: 1 });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A feed that keeps what it carries out; a note that makes him a member takes until the test ends it. */
function open() {
  const done: string[] = [];
  const waiting: { end: () => void; fail: (error: Error) => void }[] = [];
  const unsubscribe = vi.fn<() => void>();
  const carryOut = async (_: UserFeed, { type, userRev }: Note) => {
    done.push(`${type} ${userRev}`);
    if (type === 'event') return;
    await new Promise<void>((resolve, reject) => waiting.push({ end: resolve, fail: reject }));
    done.push(`joined ${userRev}`);
  };
  const onLost = vi.fn<() => Promise<void>>().mockResolvedValue();
  const feed = new UserFeed('ann', Promise.resolve(unsubscribe), { carryOut, onLost });
  const near = new NearConnection('ann');
  feed.connections.add(near.connection);
  const stale = async () =>
    (await near.frames()).filter(({ event }) => event === 'user.stale').map(({ data }) => data.userRev as number);
  return { feed, done, waiting, stale, unsubscribe, onLost };
}

describe('UserFeed', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  const afterHole = () => vi.advanceTimersByTimeAsync(HOLE_MS);

  it('carries notes out in the order of userRev, each once', async () => {
    const { feed, done, stale } = open();
    feed.start(7);
    for (const userRev of [8, 10, 9, 9, 8, 7, 11, 10]) feed.receive(note(userRev));
    await turn();
    expect(done).toEqual(['event 8', 'event 9', 'event 10', 'event 11']);
    await afterHole();
    expect(await stale()).toEqual([]);
  });

  it('carries out one after the other, however long one takes', async () => {
    const { feed, done, waiting } = open();
    feed.start(0);
    for (const each of [note(1), added(2), note(3), added(4), note(5)]) feed.receive(each);
    await turn();
    expect(done).toEqual(['event 1', 'added 2']);
    waiting[0].end();
    await turn();
    expect(done.slice(2)).toEqual(['joined 2', 'event 3', 'added 4']);
    waiting[1].end();
    await turn();
    expect(done.slice(5)).toEqual(['joined 4', 'event 5']);
  });

  it('tells the client to read afresh where a note is lost, and carries the later ones out', async () => {
    const { feed, done, stale, onLost } = open();
    feed.start(7);
    for (const userRev of [12, 10]) feed.receive(note(userRev));
    await vi.advanceTimersByTimeAsync(HOLE_MS - 1);
    expect(done).toEqual([]);
    expect(await stale()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual(['event 10', 'event 12']);
    expect(await stale()).toEqual([12]);
    expect(onLost).toHaveBeenCalledTimes(1);
    feed.receive(note(11));
    feed.receive(note(13));
    await turn();
    expect(done).toEqual(['event 10', 'event 12', 'event 13']);
  });

  it('waits for a note that was overtaken', async () => {
    const { feed, done, stale } = open();
    feed.start(7);
    feed.receive(note(9));
    await vi.advanceTimersByTimeAsync(HOLE_MS - 1);
    feed.receive(note(8));
    await afterHole();
    expect(done).toEqual(['event 8', 'event 9']);
    expect(await stale()).toEqual([]);
  });

  it('tells the client to read afresh where a note cannot be carried out, and goes on', async () => {
    const { feed, done, waiting, stale, onLost } = open();
    feed.start(0);
    feed.receive(added(1));
    feed.receive(note(2));
    await turn();
    waiting[0].fail(new Error('the database of the test is away'));
    await turn();
    expect(done).toEqual(['added 1', 'event 2']);
    expect(await stale()).toHaveLength(1);
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it('is not whole until what was lost is made up for', async () => {
    const { feed, onLost } = open();
    feed.start(7);
    onLost.mockRejectedValueOnce(new Error('the database of the test is away'));
    feed.skipTo(9);
    await turn();
    expect(feed.isWhole).toBe(false);
    feed.repair();
    await turn();
    expect([feed.isWhole, onLost.mock.calls.length]).toEqual([true, 2]);
  });

  it('sorts out what came before it knew where the user stands', async () => {
    const { feed, done, stale } = open();
    for (const userRev of [9, 8, 7, 6]) feed.receive(note(userRev));
    await afterHole();
    expect(done).toEqual([]);
    feed.start(7);
    feed.start(3);
    await afterHole();
    expect(done).toEqual(['event 8', 'event 9']);
    expect(await stale()).toEqual([]);
  });

  it('tells every connection when the database is ahead, once, and drops what is older then', async () => {
    const { feed, done, stale } = open();
    const second = new NearConnection('ann');
    feed.connections.add(second.connection);
    expect(feed.isBehind(99)).toBe(false);
    feed.start(7);
    feed.receive(note(9));
    expect(feed.isBehind(10)).toBe(true);
    feed.skipTo(10);
    expect([9, 10, 11].map((rev) => feed.isBehind(rev))).toEqual([false, false, true]);
    feed.receive(note(8));
    feed.receive(note(11));
    await afterHole();
    expect(done).toEqual(['event 11']);
    expect(await stale()).toEqual([10]);
    expect((await second.frames()).map(({ event }) => event)).toEqual(['user.stale']);
  });

  it('goes on with what had come already when the database says that the hole is past', async () => {
    const { feed, done, stale } = open();
    feed.start(7);
    feed.receive(note(11));
    feed.skipTo(10);
    await afterHole();
    expect(done).toEqual(['event 11']);
    expect(await stale()).toHaveLength(1);
  });

  it('unsubscribes when it is closed, and a hole that was open says nothing', async () => {
    const { feed, done, stale, unsubscribe } = open();
    feed.start(7);
    feed.receive(note(9));
    feed.close();
    await afterHole();
    expect(unsubscribe).toHaveBeenCalledTimes(1);
    expect(done).toEqual([]);
    expect(await stale()).toEqual([]);
  });
});
