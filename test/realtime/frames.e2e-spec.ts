import { type Socket, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestSocket } from '../support/socket.js';
import { World, newUlid } from '../support/world.js';

describe('frames that are not as they should be', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ LIMIT_BAD_FRAMES_PER_MINUTE: '1000' });
  });
  afterAll(() => world.stop());

  const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['no JSON', '{"id":"a","event":', 'BAD_REQUEST'],
    ['a JSON text that is no object', '[]', 'BAD_REQUEST'],
    ['no event', '{"id":"a","data":{}}', 'BAD_REQUEST'],
    ['an event that is no text', '{"id":"a","event":5}', 'BAD_REQUEST'],
    ['an unknown event', '{"id":"a","event":"room.explode"}', 'UNSUPPORTED_EVENT'],
    ['an inherited name', '{"id":"a","event":"constructor"}', 'UNSUPPORTED_EVENT'],
    ['an empty id', '{"id":"","event":"ping"}', 'BAD_REQUEST'],
    ['an id of 65 characters', `{"id":"${'x'.repeat(65)}","event":"ping"}`, 'BAD_REQUEST'],
    ['an id that is a number', '{"id":7,"event":"ping"}', 'BAD_REQUEST'],
    ['a field that is not known', '{"id":"a","event":"ping","colour":"red"}', 'BAD_REQUEST'],
    ['data with a field that is not known', '{"id":"a","event":"ping","data":{"colour":"red"}}', 'VALIDATION_FAILED'],
    ['data that is a list', '{"id":"a","event":"ping","data":[]}', 'VALIDATION_FAILED'],
    ['nesting too deep', `{"id":"a","event":"ping","data":${nest(16)}}`, 'BAD_REQUEST'],
    ['a prototype', '{"id":"a","event":"ping","data":{"__proto__":{}}}', 'BAD_REQUEST'],
    ['a lone surrogate', '{"id":"a","event":"ping","data":{"x":"\\ud800"}}', 'BAD_REQUEST'],
    ['NUL', '{"id":"a","event":"ping","data":{"x":"\\u0000"}}', 'BAD_REQUEST'],
    ['a wrong type', '{"id":"a","event":"message.send","data":{"roomId":5}}', 'VALIDATION_FAILED'],
  ])('%s', async (_, text, code) => {
    const ann = await world.user();
    const socket = await ann.connect();
    socket.raw(text);
    const { data } = await socket.next('error');
    expect(data).toMatchObject({ code, retryable: false });
    expect(data.traceId).toMatch(/^[0-9A-Z]{26}$/);
    expect(JSON.stringify(data)).not.toMatch(/colour|red|explode|constructor|__proto__/);
    expect((await socket.call('ping')).event).toBe('ack');
  });

  it('answers an error with the id of its command, where that could be read', async () => {
    const socket = await (await world.user()).connect();
    socket.raw('{"id":"mine","event":"room.explode"}');
    expect((await socket.next('error')).id).toBe('mine');
  });

  it('answers a command without an id only when it fails', async () => {
    const socket = await (await world.user()).connect();
    socket.raw('{"event":"ping"}');
    socket.raw('{"event":"room.changes","data":{"roomId":"x","since":0}}');
    const error = await socket.next('error');
    expect(error.id).toBeUndefined();
    expect(socket.of('ack')).toEqual([]);
  });

  it('takes 64 KiB and closes 4207 above', async () => {
    const ann = await world.user();
    const socket = await ann.connect();
    const frame = (bytes: number) => {
      const empty = '{"id":"a","event":"ping","data":{"x":""}}';
      return empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`);
    };
    socket.raw(frame(65_536));
    expect((await socket.next('error')).data.code).toBe('VALIDATION_FAILED');
    socket.raw(frame(65_537));
    expect(await socket.closing()).toMatchObject({ code: 4207 });
  });

  it('closes 1009 above a mebibyte and 1003 for a binary frame', async () => {
    const ann = await world.user();
    const huge = await ann.connect();
    huge.raw('x'.repeat(1_048_577));
    expect(await huge.closing()).toMatchObject({ code: 1009 });
    const binary = await ann.connect();
    binary.raw(Buffer.from('{"event":"ping"}'));
    expect(await binary.closing()).toMatchObject({ code: 1003 });
  });
});

describe('limits of the socket', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({
      LIMITS: 'on',
      LIMIT_START_WITHIN_MS: '1500',
      LIMIT_CONNECTIONS_PER_ADDRESS: '4',
      LIMIT_CONNECTIONS_PER_USER: '3',
    });
  });
  afterAll(() => world.stop());

  it('refuses the eleventh send at once and says when to come again', async () => {
    const ann = await world.user();
    const room = await world.room([ann]);
    const socket = await ann.connect();
    const ids = Array.from({ length: 11 }, () =>
      socket.send('message.send', { roomId: room.id, id: newUlid(), text: 'x' }),
    );
    const answers = await Promise.all(ids.map((id) => socket.answerTo(id)));
    expect(answers.map((answer) => answer.event)).toEqual([...Array(10).fill('ack'), 'error']);
    expect(answers[10].data).toMatchObject({ code: 'RATE_LIMITED', status: 429, retryable: true });
    expect(answers[10].data.retryAfterMs).toBeGreaterThan(0);
    const second = await ann.connect();
    expect((await second.call('message.send', { roomId: room.id, id: newUlid(), text: 'x' })).data.code).toBe(
      'RATE_LIMITED',
    );
  });

  it('refuses the 41st command at once', async () => {
    const socket = await (await world.user()).connect();
    const ids = Array.from({ length: 41 }, () => socket.send('ping'));
    const answers = await Promise.all(ids.map((id) => socket.answerTo(id)));
    expect(answers.filter((answer) => answer.event === 'ack').length).toBe(40);
    expect(answers[40].data.code).toBe('RATE_LIMITED');
  });

  it('closes 4205 at the tenth bad frame in a minute', async () => {
    const socket = await (await world.user()).connect();
    for (let i = 0; i < 9; i++) socket.raw('nonsense');
    expect((await socket.call('ping')).event).toBe('ack');
    socket.raw('nonsense');
    expect(await socket.closing()).toMatchObject({ code: 4205 });
  });

  it('closes 4203 for a connection too many of a user', async () => {
    const ann = await world.user();
    for (let i = 0; i < 3; i++) await ann.connect();
    const late = await ann.open();
    expect((await late.call('session.start', { token: ann.token })).event).toBe('error');
    expect(await late.closing()).toMatchObject({ code: 4203 });
  });

  it('keeps places for those who start: more waiting ones of an address get 429, and late ones 4100', async () => {
    const open = () => TestSocket.open(world.app.socketUrl);
    const waiting = await Promise.all(Array.from({ length: 4 }, open));
    await expect(open()).rejects.toThrow('HTTP 429');
    expect(await waiting[0].closing()).toMatchObject({ code: 4100 });
    await Promise.all(waiting.map((socket) => socket.closing()));
    await (await open()).close();
  });
});

describe('sockets that never start', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ LIMITS: 'on', LIMIT_CONNECTIONS_PER_ADDRESS: '4', LIMIT_CONNECTIONS_WAITING: '3' });
  });
  afterAll(() => world.stop());

  it('make way for one that does, the oldest first; those that have started are not touched', async () => {
    const open = () => TestSocket.open(world.app.socketUrl);
    const ann = await world.user();
    const started = await ann.connect();
    const silent = [await open(), await open(), await open()];
    // One more than may wait: the first one goes, for all addresses are full.
    const late = await open();
    expect(await silent[0].closing()).toMatchObject({ code: 4005 });
    expect((await late.call('session.start', { token: ann.token })).event).toBe('session.ready');
    expect([silent[1].closed, silent[2].closed, started.closed]).toEqual([null, null, null]);
    await Promise.all([late, ...silent].map((socket) => socket.close()));
  });

  it('make way before they have said a word, too', async () => {
    const { hostname, port } = new URL(world.app.url);
    const ends: number[] = [];
    const open = (i: number) =>
      new Promise<Socket>((resolve) => {
        const socket = connect(Number(port), hostname, () => resolve(socket));
        socket.on('close', () => ends.push(i)).resume();
      });
    const silent: Socket[] = [];
    for (let i = 0; i < 5; i++) silent.push(await open(i));
    // A request of anybody comes through, and he does not stay among the silent ones.
    expect((await world.call('GET', '/config')).status).toBe(200);
    await expect.poll(() => ends.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    expect(ends.slice(0, 2)).toEqual([0, 1]);
    expect(silent[4].destroyed).toBe(false);
    for (const socket of silent) socket.destroy();
  });

  it('of the same address make way once they have been silent for two seconds', async () => {
    const crowd = await World.create({ LIMITS: 'on', LIMIT_CONNECTIONS_PER_ADDRESS: '4' });
    const open = () => TestSocket.open(crowd.app.socketUrl);
    const silent = await Promise.all(Array.from({ length: 4 }, open));
    await expect(open()).rejects.toThrow('HTTP 429');
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const ann = await crowd.user();
    await ann.connect();
    await silent[0].until(() => silent.some((socket) => socket.closed?.code === 4005), 'one that makes way');
    expect(silent.filter((socket) => socket.closed)).toHaveLength(1);
    await crowd.stop();
  });
});

describe('a reader that stops', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('gets room.stale in place of what he missed, and costs the others nothing', { timeout: 30_000 }, async () => {
    const [ann, bob, cat] = await world.users(3);
    const room = await world.room([ann, bob, cat]);
    const [sender, slow, reader] = [await ann.connect(), await bob.connect(), await cat.connect()];
    slow.ws.pause();
    const text = 'x'.repeat(15_000);
    const count = 800;
    for (let i = 0; i < count; i++) {
      const id = sender.send('message.send', { roomId: room.id, id: newUlid(), text });
      if (i % 20 === 19) await sender.answerTo(id);
    }
    await reader.until(() => reader.of('message.created').length === count, 'all messages');
    expect(reader.of('message.created').map((frame) => frame.data.seq)).toEqual(
      Array.from({ length: count }, (_, i) => i + 1),
    );
    slow.ws.resume();
    const stale = await slow.next('room.stale');
    expect(stale.roomId).toBe(room.id);
    await slow.until(() => slow.of('room.stale').some((frame) => frame.data.headRev === count + 3), 'the last rev');
    const got = slow.of('message.created').length;
    expect(got).toBeLessThan(count);
    const after = await ann.say(room.id, 'live again');
    expect(await slow.next('message.created', (frame) => frame.data.id === after.id)).toMatchObject({ rev: after.rev });
  });
});
