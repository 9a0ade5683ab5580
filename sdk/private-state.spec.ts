import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeRoom } from './testing/fake-room.js';
import { FakeServer } from './testing/fake-server.js';
import { addressOf, online, shown, watch } from './testing/start.js';

let server: FakeServer;
let room: FakeRoom;

const syncs = () => server.requests.filter((request) => request === 'GET /sync').length;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  room = server.addRoom();
});
afterEach(() => vi.useRealTimers());

describe('private state', () => {
  it('takes a room that the user was added to, from just before he came', async () => {
    const watched = await online(server);
    const added = server.addRoom();
    added.post(server.newId(), 'x', 'before');
    server.tell('room.added', added.view);
    server.broadcast(added.join(server.newId(), server.user.id));
    server.post(added, 'hello');
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(added.id)).toEqual(['member.joined', 'hello']);
    expect(syncs()).toBe(1);
  });

  it('takes frames that overtook the news of their room', async () => {
    const watched = await online(server);
    const added = server.addRoom();
    const { view } = added;
    server.broadcast(added.join(server.newId(), server.user.id));
    server.post(added, 'hello');
    server.tell('room.added', view);
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(added.id)).toEqual(['member.joined', 'hello']);
  });

  it('drops a room that the user is not in any more', async () => {
    const watched = await online(server);
    const gone: string[] = [];
    watched.client.on('gone', ({ reason }) => gone.push(reason));
    server.tell('room.gone', { roomId: room.id, reason: 'removed' });
    await vi.advanceTimersByTimeAsync(50);
    expect([watched.client.rooms.size, gone]).toEqual([0, ['removed']]);
  });

  it('drops a room that the user lost while he was away', async () => {
    const watched = await online(server);
    server.cut();
    server.rooms.delete(room.id);
    server.userRev++;
    await vi.advanceTimersByTimeAsync(2000);
    expect(watched.client.rooms.size).toBe(0);
  });

  it('reads everything again when an event was lost', async () => {
    const watched = await online(server);
    const first = server.addRoom();
    server.userRev++;
    server.tell('read.updated', { roomId: room.id, readSeq: 0, readVersion: 0, unread: 0, mentions: 0 });
    await vi.advanceTimersByTimeAsync(50);
    expect([syncs(), watched.client.rooms.has(first.id)]).toEqual([2, true]);
  });

  it('reads everything again on user.stale, and only when that is news', async () => {
    await online(server);
    server.broadcast({ event: 'user.stale', data: { userRev: server.userRev } });
    await vi.advanceTimersByTimeAsync(50);
    expect(syncs()).toBe(1);
    server.broadcast({ event: 'user.stale', data: { userRev: ++server.userRev } });
    await vi.advanceTimersByTimeAsync(50);
    expect(syncs()).toBe(2);
  });

  it('does not lose what happens while everything is read', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    // The answer is made before the user is added, and arrives after that was told.
    const slow: typeof fetch = async (url, init) => {
      const response = await server.fetch(url, init);
      if (addressOf(url).includes('/sync')) await held;
      return response;
    };
    const watched = watch(server, { fetch: slow });
    const connected = watched.client.connect();
    await vi.advanceTimersByTimeAsync(50);
    const added = server.addRoom();
    server.tell('room.added', added.view);
    server.post(added, 'hello');
    await vi.advanceTimersByTimeAsync(50);
    answer();
    await connected;
    await vi.advanceTimersByTimeAsync(50);
    expect([watched.client.rooms.size, watched.told.get(added.id)]).toEqual([2, ['hello']]);
  });

  it('does not believe an answer from before a reconnect', async () => {
    const answers: (() => void)[] = [];
    const slow: typeof fetch = async (url, init) => {
      const response = await server.fetch(url, init);
      if (addressOf(url).includes('/sync')) await new Promise<void>((resolve) => answers.push(resolve));
      return response;
    };
    const watched = watch(server, { fetch: slow });
    const connected = watched.client.connect();
    await vi.advanceTimersByTimeAsync(50);
    server.cut();
    const added = server.addRoom();
    server.userRev++;
    await vi.advanceTimersByTimeAsync(2000);
    server.post(added, 'hello');
    answers[0]?.();
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(added.id)).toEqual(['hello']);
    answers[1]?.();
    await connected;
    expect([...watched.client.rooms.keys()]).toEqual([room.id, added.id]);
  });

  it('does not count a mark that was told out of order backwards', async () => {
    const watched = await online(server);
    for (let i = 0; i < 4; i++) server.post(room, `t${i}`);
    const base = { roomId: room.id, unread: 0, mentions: 0 };
    server.tell('read.updated', { ...base, readSeq: 3, readVersion: 0 });
    server.tell('read.updated', { ...base, readSeq: 2, readVersion: 0 });
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.client.rooms.get(room.id)?.unread).toBe(1);
    expect(shown(watched, room.id)).toHaveLength(4);
  });
});
