import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SendMessage } from '../src/protocol/commands.js';
import type { FakeRoom } from './testing/fake-room.js';
import { type Fault, FakeServer, problemOf } from './testing/fake-server.js';
import { online, shown, watch } from './testing/start.js';

let server: FakeServer;
let room: FakeRoom;

const sends = () =>
  server.commands.filter(({ event }) => event === 'message.send').map(({ data }) => data as SendMessage);
const storedTexts = () => room.messages.map(({ text }) => text);
/** Answers the n-th sends with these faults, the others as usual. */
const faults = (...list: (Fault | null)[]) => {
  server.fault = ({ event }) => (event === 'message.send' ? (list.shift() ?? null) : null);
};

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  room = server.addRoom();
});
afterEach(() => vi.useRealTimers());

describe('send', () => {
  it('stores in the order of sending and resolves with the numbers', async () => {
    const watched = await online(server);
    const acks = ['a', 'b', 'c'].map((text) => watched.client.send(room.id, text).acked);
    expect(watched.client.pending(room.id).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    await vi.advanceTimersByTimeAsync(100);
    expect((await Promise.all(acks)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect([shown(watched, room.id), watched.client.pending(room.id)]).toEqual([['a', 'b', 'c'], []]);
    expect(watched.client.rooms.get(room.id)?.unread).toBe(0);
  });

  it.each(['cut-before', 'cut-after'] as const)('repeats the same id after a connection %s', async (fault) => {
    const watched = await online(server);
    faults(fault);
    watched.client.send(room.id, 'a');
    const last = watched.client.send(room.id, 'b');
    await vi.advanceTimersByTimeAsync(5000);
    await last.acked;
    expect(storedTexts()).toEqual(['a', 'b']);
    expect(new Set(sends().map(({ id }) => id)).size).toBe(2);
    expect(sends()).toHaveLength(3);
    expect(shown(watched, room.id)).toEqual(['a', 'b']);
  });

  it('reconnects and repeats when an answer never comes', async () => {
    const watched = await online(server);
    faults('lose-answer');
    const sent = watched.client.send(room.id, 'a');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await sent.acked).toMatchObject({ duplicate: true, seq: 1 });
    expect(storedTexts()).toEqual(['a']);
    expect(server.starts).toHaveLength(2);
  });

  it('does not let a message overtake one that has to wait', async () => {
    const watched = await online(server);
    faults(problemOf('RATE_LIMITED', { retryAfterMs: 700 }), problemOf('UNAVAILABLE'), problemOf('TIMEOUT'));
    for (const text of ['a', 'b', 'c']) watched.client.send(room.id, text);
    await vi.advanceTimersByTimeAsync(600);
    expect(storedTexts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(storedTexts()).toEqual(['a', 'b', 'c']);
  });

  it('does not make one room wait for another', async () => {
    const other = server.addRoom();
    const watched = await online(server);
    faults(problemOf('RATE_LIMITED', { retryAfterMs: 60_000 }));
    watched.client.send(room.id, 'waits');
    watched.client.send(other.id, 'goes');
    await vi.advanceTimersByTimeAsync(100);
    expect(other.messages.map(({ text }) => text)).toEqual(['goes']);
  });

  it('reports a refusal for good, and sends what comes behind it', async () => {
    const watched = await online(server);
    faults(problemOf('ROOM_ARCHIVED'));
    const refused = watched.client.send(room.id, 'a');
    watched.client.send(room.id, 'b');
    await vi.advanceTimersByTimeAsync(100);
    await expect(refused.acked).rejects.toMatchObject({ code: 'ROOM_ARCHIVED' });
    expect(watched.refused).toMatchObject([
      { message: { id: refused.id, text: 'a' }, error: { code: 'ROOM_ARCHIVED' } },
    ]);
    expect(storedTexts()).toEqual(['b']);
  });

  it('gives up after five faults of the server, and says so', async () => {
    const watched = await online(server);
    server.fault = ({ event }) => (event === 'message.send' ? problemOf('INTERNAL') : null);
    watched.client.send(room.id, 'a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sends()).toHaveLength(5);
    expect(watched.refused).toMatchObject([{ error: { code: 'INTERNAL' } }]);
  });

  it('keeps what is written before the first session and while the server is away', async () => {
    const watched = watch(server);
    watched.client.send(room.id, 'early');
    void watched.client.connect();
    await vi.advanceTimersByTimeAsync(100);
    server.isReachable = false;
    server.cut();
    for (const text of ['x', 'y', 'z']) watched.client.send(room.id, text);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(watched.client.pending(room.id)).toHaveLength(3);
    server.isReachable = true;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(storedTexts()).toEqual(['early', 'x', 'y', 'z']);
    expect(shown(watched, room.id)).toEqual(['early', 'x', 'y', 'z']);
  });

  it.each(['\ud800', 'a\0b'])('refuses text that no frame can carry', async (text) => {
    const watched = await online(server);
    await expect(watched.client.send(room.id, text).acked).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(sends()).toEqual([]);
  });

  it('refuses a frame that would end the connection', async () => {
    const watched = await online(server);
    const sent = watched.client.send(room.id, '\u0001'.repeat(16_000));
    await expect(sent.acked).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(sends()).toEqual([]);
  });
});

describe('read', () => {
  it('lowers the counter at once and sends the newest mark', async () => {
    const watched = await online(server);
    for (let i = 1; i <= 5; i++) server.post(room, `t${i}`);
    await vi.advanceTimersByTimeAsync(20);
    watched.client.read(room.id, 2);
    watched.client.read(room.id, 3);
    watched.client.read(room.id);
    expect(watched.client.rooms.get(room.id)?.unread).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
    const marks = server.commands.filter(({ event }) => event === 'room.read').map(({ data }) => data);
    expect(marks).toMatchObject([{ readSeq: 2 }, { readSeq: 5 }]);
  });

  it('repeats a mark that a lost connection swallowed', async () => {
    const watched = await online(server);
    server.post(room, 't');
    await vi.advanceTimersByTimeAsync(20);
    let cuts = 0;
    server.fault = ({ event }) => (event === 'room.read' && cuts++ === 0 ? 'cut-before' : null);
    watched.client.read(room.id);
    await vi.advanceTimersByTimeAsync(2000);
    expect(room.readSeq).toBe(1);
  });
});
