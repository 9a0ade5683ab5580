import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestSocket } from '../support/socket.js';
import { World, newUlid } from '../support/world.js';

describe('the handshake', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('says hello first, with limits and features', async () => {
    const socket = await TestSocket.open(world.app.socketUrl);
    const hello = await socket.next('hello');
    expect(hello.data.limits.frameBytes).toBe(65_536);
    expect(hello.data.heartbeatMs).toBe(25_000);
    expect(hello.data.features.guests).toBe(true);
    await socket.close();
  });

  it('answers with the rooms of the user and where they stand', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    await ann.say(room.id);
    const socket = await bob.open();
    const ready = await socket.call('session.start', { token: bob.token });
    expect(ready.event).toBe('session.ready');
    expect(ready.data.user.id).toBe(bob.id);
    expect(ready.data.reset).toBe(false);
    expect(ready.data.rooms).toMatchObject([{ roomId: room.id, headRev: 3, headSeq: 1, readSeq: 0, unread: 1 }]);
    await socket.next('session.caughtUp');
  });

  it('refuses commands before the start, and holds those behind it', async () => {
    const [ann] = await world.users(1);
    const socket = await ann.open();
    expect((await socket.call('ping')).data.code).toBe('NOT_STARTED');
    const start = socket.send('session.start', { token: ann.token });
    const ping = socket.send('ping');
    expect((await socket.answerTo(ping)).event).toBe('ack');
    const order = socket.frames.map((frame) => frame.id).filter(Boolean);
    expect(order.slice(-2)).toEqual([start, ping]);
  });

  it('takes session.start once', async () => {
    const [ann] = await world.users(1);
    const socket = await ann.connect();
    expect((await socket.call('session.start', { token: ann.token })).data.code).toBe('ALREADY_STARTED');
    expect((await socket.call('ping')).event).toBe('ack');
  });

  it('closes 4102 after a token that is not one, without repeating it', async () => {
    const socket = await TestSocket.open(world.app.socketUrl);
    const answer = await socket.call('session.start', { token: 'not-a-token-at-all' });
    expect(answer.data.code).toBe('UNAUTHORIZED');
    expect(await socket.closing()).toMatchObject({ code: 4102 });
    expect(socket.of('goodbye')[0].data).toMatchObject({ code: 4102, reconnect: true });
    expect(JSON.stringify(socket.frames)).not.toContain('not-a-token-at-all');
  });

  it('takes a ticket once: the second use closes 4103', async () => {
    const [ann] = await world.users(1);
    const { status, body } = await ann.call('POST', '/auth/ws-tickets');
    expect(status).toBe(201);
    const first = await ann.open();
    expect((await first.call('session.start', { ticket: body.ticket })).event).toBe('session.ready');
    const second = await ann.open();
    expect((await second.call('session.start', { ticket: body.ticket })).data.code).toBe('UNAUTHORIZED');
    expect(await second.closing()).toMatchObject({ code: 4103 });
  });

  it('takes the bearer token of the upgrade', async () => {
    const [ann] = await world.users(1);
    const socket = await TestSocket.open(world.app.socketUrl, { headers: { authorization: `Bearer ${ann.token}` } });
    expect((await socket.call('session.start')).data.user.id).toBe(ann.id);
    await socket.close();
  });

  it('refuses a foreign origin with 403 and takes the own one', async () => {
    const open = (origin: string) => TestSocket.open(world.app.socketUrl, { origin });
    await expect(open('https://elsewhere.example')).rejects.toThrow('HTTP 403');
    const { port } = new URL(world.app.url);
    await (await open(`http://localhost:${port}`)).close();
    await (await open(`http://127.0.0.1:${port}`)).close();
    await expect(open(`http://127.0.0.1:${Number(port) + 1}`)).rejects.toThrow('HTTP 403');
  });

  it('closes 4204 when only another subprotocol is offered', async () => {
    const socket = await TestSocket.open(world.app.socketUrl, { protocols: ['parley.v9+json'] });
    expect(await socket.closing()).toMatchObject({ code: 4204 });
  });

  it('answers 404 to an upgrade of another path', async () => {
    await expect(TestSocket.open(`${world.app.socketUrl}s`)).rejects.toThrow('HTTP 404');
  });

  it('tells that a cursor of another epoch is worth nothing', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const socket = await ann.open();
    const cursor = { epoch: 'another', rooms: { [room.id]: 0 } };
    const ready = await socket.call('session.start', { token: ann.token, cursor, open: [room.id] });
    expect(ready.data.reset).toBe(true);
    await socket.next('session.caughtUp');
    expect(socket.durable(room.id)).toEqual([]);
  });

  it('refreshes the token in place, for the same login only', async () => {
    const [ann, bob] = await world.users(2);
    const socket = await ann.connect();
    expect((await socket.call('session.refresh', { token: ann.token })).data.expiresAt).toMatch(/Z$/);
    expect((await socket.call('session.refresh', { token: bob.token })).data.code).toBe('UNAUTHORIZED');
    expect((await socket.call('ping')).event).toBe('ack');
  });

  it('loses nothing that is sent during the handshake', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const sender = await ann.connect();
    const before = 2;
    const sends = Array.from({ length: 120 }, () => ({ roomId: room.id, id: newUlid(), text: 'x' }));
    const sockets = sends.map(async (send, i) => {
      sender.send('message.send', send);
      return i % 10 === 0 ? bob.connect({ cursor: { rooms: { [room.id]: before } }, open: [room.id] }) : null;
    });
    const opened = (await Promise.all(sockets)).filter((socket) => socket !== null);
    for (const socket of opened) {
      await socket.until(() => socket.durable(room.id).at(-1)?.rev === before + sends.length, 'the last message');
      expect(socket.durable(room.id).map((frame) => frame.rev)).toEqual(sends.map((_, i) => before + 1 + i));
    }
  });
});
