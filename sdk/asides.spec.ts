import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeRoom } from './testing/fake-room.js';
import { FakeServer } from './testing/fake-server.js';
import { online } from './testing/start.js';

let server: FakeServer;
let room: FakeRoom;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  room = server.addRoom();
  room.memberCount = 3;
});
afterEach(() => vi.useRealTimers());

const types = (userId: string, typing = true) =>
  server.broadcast({ event: 'typing', roomId: room.id, data: { userId, typing } });
const receipt = (userId: string, deliveredSeq: number, readSeq: number) =>
  server.broadcast({ event: 'receipt', roomId: room.id, data: { userId, deliveredSeq, readSeq } });
const settle = () => vi.advanceTimersByTimeAsync(20);
const asked = () => server.requests.filter((request) => request.endsWith('/receipts')).length;

describe('typing', () => {
  it('lasts six seconds from the last news on, and its end is told', async () => {
    const { client } = await online(server);
    const told: string[] = [];
    client.on('typing', ({ userId, typing }) => told.push(`${userId} ${typing}`));
    types('bob');
    await vi.advanceTimersByTimeAsync(4000);
    types('bob');
    types('cid');
    await vi.advanceTimersByTimeAsync(5900);
    expect([client.typing.in(room.id), client.typing.in('another')]).toEqual([['bob', 'cid'], []]);
    await vi.advanceTimersByTimeAsync(200);
    expect(client.typing.in(room.id)).toEqual([]);
    expect(told).toEqual(['bob true', 'bob true', 'cid true', 'bob false', 'cid false']);
  });

  it('ends with a message of his, of nobody else, when he says so, and when the connection is gone', async () => {
    const { client } = await online(server);
    for (const who of ['somebody', 'bob', 'cid']) types(who);
    server.post(room, 'from somebody');
    await settle();
    expect(client.typing.in(room.id)).toEqual(['bob', 'cid']);
    types('bob', false);
    await settle();
    expect(client.typing.in(room.id)).toEqual(['cid']);
    server.cut();
    await settle();
    expect(client.typing.in(room.id)).toEqual([]);
  });
});

describe('receipts', () => {
  const own = async () => {
    const watched = await online(server);
    watched.client.send(room.id, 'mine');
    await settle();
    return { ...watched, message: watched.client.rooms.get(room.id)!.messages[0]! };
  };

  it('only go forward, and say how many have received and read', async () => {
    const { client, message } = await own();
    const changes = vi.fn<() => void>();
    client.on('receipts', changes);
    expect(client.stateOf(message)).toBe('sent');
    receipt('bob', 1, 0);
    await settle();
    expect(client.stateOf(message)).toBe('delivered');
    receipt('bob', 1, 1);
    receipt('cid', 1, 0);
    receipt('bob', 1, 0);
    await settle();
    expect([client.stateOf(message), client.receipts.countsOf(message)]).toEqual(['read', { delivered: 2, read: 1 }]);
    expect(changes).toHaveBeenCalledWith({ roomId: room.id });
  });

  it('are read when a room is opened, and again by each session, and not of closed rooms', async () => {
    const { client, message } = await own();
    expect(asked()).toBe(0);
    server.receipts = [{ userId: 'bob', deliveredSeq: 1, readSeq: 1 }];
    client.openRoom(room.id);
    await settle();
    expect([asked(), client.stateOf(message)]).toEqual([1, 'read']);
    server.receipts = [];
    server.cut();
    await vi.advanceTimersByTimeAsync(2000);
    expect([asked(), client.receipts.of(room.id)]).toEqual([2, []]);
    client.closeRoom(room.id);
    server.cut();
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked()).toBe(2);
  });

  it('follow from a message of who shows them, and from that of nobody else', async () => {
    const { client, message } = await own();
    server.post(room, 'an answer');
    await settle();
    expect(client.receipts.of(room.id)).toEqual([]);
    receipt('somebody', 0, 0);
    server.post(room, 'another answer');
    await settle();
    expect(client.stateOf(message)).toBe('read');
  });
});

describe('what was received', () => {
  const marks = () => server.commands.filter(({ event }) => event === 'room.read').map(({ data }) => data);

  it('is told once a second at most, the newest of each room, and not of what is read', async () => {
    const { client } = await online(server);
    for (let i = 0; i < 5; i++) server.post(room, `t${i}`);
    await vi.advanceTimersByTimeAsync(3000);
    expect(marks()).toMatchObject([{ roomId: room.id, readSeq: 0, deliveredSeq: 5 }]);
    server.post(room, 'read at once');
    await settle();
    client.read(room.id);
    await vi.advanceTimersByTimeAsync(3000);
    expect(marks()).toMatchObject([{ deliveredSeq: 5 }, { readSeq: 6 }]);
    expect(client.rooms.get(room.id)?.unread).toBe(0);
  });

  it('is not told in larger rooms, nor of messages of one alone', async () => {
    room.memberCount = 33;
    const { client } = await online(server);
    server.post(room, 't');
    client.send(server.addRoom().id, 'mine');
    await vi.advanceTimersByTimeAsync(3000);
    expect(marks()).toEqual([]);
  });
});
