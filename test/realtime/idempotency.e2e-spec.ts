import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World, newUlid } from '../support/world.js';

describe('sending again', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  const stored = (id: string) => world.app.rows('SELECT id FROM messages WHERE id = ?', [id]);

  it('stores one message for a send over both transports at once, on two sockets, twice in one batch', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const [one, two] = [await ann.connect(), await ann.connect()];
    const watcher = await bob.connect();
    for (let round = 0; round < 20; round++) {
      const send = { roomId: room.id, id: newUlid(), text: `round ${round}` };
      const answers = await Promise.all([
        one.call('message.send', send),
        one.call('message.send', send),
        two.call('message.send', send),
        ann.call('POST', `/rooms/${room.id}/messages`, { id: send.id, text: send.text }),
        ann.call('POST', `/rooms/${room.id}/messages`, { text: send.text }, { 'idempotency-key': send.id }),
      ]);
      const numbers = answers.map((answer) => {
        const body = 'body' in answer ? answer.body : answer.data;
        return { id: body.id, seq: body.seq, rev: body.rev, createdAt: body.createdAt };
      });
      expect(new Set(numbers.map((number) => JSON.stringify(number))).size).toBe(1);
      const fresh = answers.filter((answer) => ('status' in answer ? answer.status === 201 : !answer.data.duplicate));
      expect(fresh).toHaveLength(1);
      expect(await stored(send.id)).toHaveLength(1);
    }
    await watcher.until(() => watcher.of('message.created').length >= 20, '20 messages');
    await watcher.call('ping');
    expect(watcher.of('message.created').map((frame) => frame.data.seq)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  it('answers IDEMPOTENCY_CONFLICT to another body, another room or another sender', async () => {
    const [ann, bob] = await world.users(2);
    const [room, other] = [await world.room([ann, bob]), await world.room([ann, bob])];
    const socket = await ann.connect();
    const send = { roomId: room.id, id: newUlid(), text: 'one' };
    await socket.call('message.send', send);
    const conflict = { event: 'error', data: { code: 'IDEMPOTENCY_CONFLICT', status: 409, retryable: false } };
    expect(await socket.call('message.send', { ...send, text: 'two' })).toMatchObject(conflict);
    expect(await socket.call('message.send', { ...send, roomId: other.id })).toMatchObject(conflict);
    expect(await (await bob.connect()).call('message.send', send)).toMatchObject(conflict);
    const twin = newUlid();
    const twins = await Promise.all([
      socket.call('message.send', { ...send, id: twin, text: 'a' }),
      socket.call('message.send', { ...send, id: twin, text: 'b' }),
    ]);
    expect(twins.map((answer) => answer.event).sort()).toEqual(['ack', 'error']);
    expect(await stored(twin)).toHaveLength(1);
  });

  it('remembers across a restart, and when the memory of the node is gone', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const send = { roomId: room.id, id: newUlid(), text: 'before the end' };
    const first = await (await ann.connect()).call('message.send', send);
    await world.restart();
    const socket = await ann.connect();
    const others = Array.from({ length: 10 }, () => socket.send('message.send', { ...send, id: newUlid() }));
    const again = socket.send('message.send', send);
    expect((await socket.answerTo(again)).data).toEqual({ ...first.data, duplicate: true });
    for (const id of others) expect((await socket.answerTo(id)).data.duplicate).toBe(false);
    expect((await socket.call('message.send', { ...send, text: 'other' })).data.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await stored(send.id)).toHaveLength(1);
    const { body } = await ann.call('GET', `/rooms/${room.id}`);
    expect(body).toMatchObject({ headSeq: 11, headRev: 12 });
  });

  it('gives the stored answer to a sender who has lost the right since', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect();
    const send = { roomId: room.id, id: newUlid(), text: 'while I may' };
    const first = await socket.call('message.send', send);
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    await world.restart();
    const again = await (await bob.connect()).call('message.send', send);
    expect(again.data).toEqual({ ...first.data, duplicate: true });
    expect((await bob.call('POST', `/rooms/${room.id}/messages`, { text: 'new' })).status).toBe(404);
  });
});
