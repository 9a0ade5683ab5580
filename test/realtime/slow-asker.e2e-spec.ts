import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Connections } from '../../src/realtime/connections/connections.js';
import { World } from '../support/world.js';

const QUESTIONS = 60;

describe('a client that asks and does not read', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('costs little more than its queue, and gets every answer once it reads', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    // Six messages of 48,000 bytes fill one answer.
    for (let i = 0; i < 20; i++) await ann.say(room.id, '语'.repeat(16_000));
    const socket = await ann.connect();
    const [connection] = world.app.get(Connections);
    socket.ws.pause();
    onTestFinished(() => socket.ws.resume());
    const ids = Array.from({ length: QUESTIONS }, () => socket.send('room.changes', { roomId: room.id, since: 0 }));
    let highest = 0;
    await expect
      .poll(
        () => {
          highest = Math.max(highest, connection.outbound.fill);
          return connection.outbound.askRoom();
        },
        { timeout: 10_000, interval: 1 },
      )
      .toBe(false);
    // Long enough for many more answers, if they were made.
    for (let i = 0; i < 100; i++) {
      await ann.call('GET', '/users/me');
      highest = Math.max(highest, connection.outbound.fill);
    }
    expect(highest).toBeLessThan(3);
    socket.ws.resume();
    for (const id of ids) expect((await socket.answerTo(id)).event).toBe('ack');
  });
});
