import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrainService } from '../../src/realtime/drain.service.js';
import { World, newUlid } from '../support/world.js';

describe('draining', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('says goodbye with 4000 under load, and everything acked is stored', async () => {
    const people = await world.users(5);
    const room = await world.room(people);
    const sockets = await Promise.all(people.map((person) => person.connect()));
    const sent = sockets.map((socket) =>
      Array.from({ length: 200 }, () => {
        const id = newUlid();
        return { id, command: socket.send('message.send', { roomId: room.id, id, text: 'x' }) };
      }),
    );
    await sockets[0].next('ack');
    await world.app.get(DrainService).drain(5000);
    for (const socket of sockets) {
      expect(await socket.closing()).toMatchObject({ code: 4000 });
      const goodbye = socket.of('goodbye')[0];
      expect(goodbye.data).toMatchObject({ code: 4000, reconnect: true });
      expect(goodbye.data.retryAfterMs).toBeLessThanOrEqual(5000);
      expect(socket.frames.at(-1)).toBe(goodbye);
    }
    const rows = await world.app.rows<{ id: string }>("SELECT id FROM messages WHERE roomId = ? AND kind = 'text'", [
      room.id,
    ]);
    const stored = new Set(rows.map((row) => row.id));
    const acked = sockets.flatMap((socket, i) => {
      const answered = new Set(socket.of('ack').map((frame) => frame.id));
      return sent[i].filter(({ command }) => answered.has(command)).map(({ id }) => id);
    });
    expect(acked.length).toBeGreaterThan(0);
    expect(acked.filter((id) => !stored.has(id))).toEqual([]);
    await expect(people[0].open()).rejects.toThrow('HTTP 503');
  });
});
