import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeRoom } from './testing/fake-room.js';
import { FakeServer, problemOf } from './testing/fake-server.js';
import { online, shown, watch } from './testing/start.js';

let server: FakeServer;
let room: FakeRoom;

const countOf = (event: string) => server.commands.filter((command) => command.event === event).length;
const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `t${from + i}`);
const post = (from: number, to: number) => names(from, to).forEach((text) => server.post(room, text));
/** The server writes while nothing reaches anybody. */
const postUnheard = (from: number, to: number) =>
  names(from, to).forEach((text) => room.post(server.newId(), 'x', text));

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  room = server.addRoom();
});
afterEach(() => vi.useRealTimers());

describe('a first session', () => {
  it('begins at the heads and loads history downwards', async () => {
    postUnheard(1, 70);
    const watched = await online(server);
    expect(watched.told.size).toBe(0);
    expect(watched.client.rooms.get(room.id)?.unread).toBe(70);
    const more = watched.client.loadOlder(room.id);
    await vi.advanceTimersByTimeAsync(10);
    expect(await more).toBe(true);
    expect(shown(watched, room.id)).toEqual(names(21, 70));
    const rest = watched.client.loadOlder(room.id);
    await vi.advanceTimersByTimeAsync(10);
    expect(await rest).toBe(false);
    expect(shown(watched, room.id)).toEqual(names(1, 70));
  });

  it('knows the rooms by name when connect resolves, and sends its token first', async () => {
    const { client } = await online(server);
    expect(client.rooms.get(room.id)?.view?.name).toContain('room');
    expect(server.commands[0]).toMatchObject({ event: 'session.start', data: { token: 'a1', batch: true } });
  });
});

describe('a hole in the live frames', () => {
  it('is pulled once and told in order', async () => {
    const watched = await online(server);
    let lost = 0;
    server.loses = (frame) => frame.rev === 3 && lost++ === 0;
    post(1, 8);
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(room.id)).toEqual(names(1, 8));
    expect(countOf('room.changes')).toBe(1);
  });

  it('is pulled after room.stale, when nothing else comes', async () => {
    const watched = await online(server);
    postUnheard(1, 30);
    server.broadcast({ event: 'room.stale', roomId: room.id, data: { headRev: room.headRev } });
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(room.id)).toEqual(names(1, 30));
  });

  it('is pulled again when the pull is refused for a while', async () => {
    const watched = await online(server);
    let refusals = 0;
    server.fault = ({ event }) =>
      event === 'room.changes' && refusals++ < 3 ? problemOf('RATE_LIMITED', { retryAfterMs: 400 }) : null;
    postUnheard(1, 3);
    post(4, 5);
    await vi.advanceTimersByTimeAsync(1000);
    expect(watched.told.get(room.id)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(watched.told.get(room.id)).toEqual(names(1, 5));
  });

  it.each([
    [1, 0],
    [2, 1],
  ])(
    'that is refused %i times to an outsider costs %i fresh reads: room.gone may be on its way',
    async (times, reads) => {
      await online(server);
      let refusals = 0;
      server.fault = ({ event }) => (event === 'room.changes' && refusals++ < times ? problemOf('FORBIDDEN') : null);
      const syncs = () => server.requests.filter((request) => request === 'GET /sync').length;
      const before = syncs();
      postUnheard(1, 3);
      post(4, 5);
      await vi.advanceTimersByTimeAsync(500);
      expect(syncs()).toBe(before);
      await vi.advanceTimersByTimeAsync(3000);
      expect(syncs() - before).toBe(reads);
    },
  );

  it('takes more than one page', async () => {
    const watched = await online(server);
    postUnheard(1, 450);
    post(451, 451);
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(room.id)).toEqual(names(1, 451));
    expect(countOf('room.changes')).toBe(3);
  });
});

describe('coming back', () => {
  const away = async (missed: number) => {
    const watched = await online(server);
    post(1, 10);
    await vi.advanceTimersByTimeAsync(50);
    server.cut();
    postUnheard(11, 10 + missed);
    await vi.advanceTimersByTimeAsync(2000);
    expect(watched.states.at(-1)).toEqual({ state: 'online' });
    return watched;
  };

  it.each([1, 499, 500])('tells %i missed messages one by one', async (missed) => {
    const watched = await away(missed);
    expect(watched.told.get(room.id)).toEqual(names(1, 10 + missed));
    expect(watched.resets).toEqual([]);
  });

  it.each([501, 20_000])('drops the window after %i missed messages and fills it from history', async (missed) => {
    const watched = await away(missed);
    expect(watched.resets).toEqual([room.id]);
    expect(watched.told.get(room.id)).toEqual(names(1, 10));
    expect(shown(watched, room.id)).toEqual(names(missed - 39, missed + 10));
    const filled = (async () => {
      while (await watched.client.loadOlder(room.id, 100));
    })();
    await vi.advanceTimersByTimeAsync(5000);
    await filled;
    expect(shown(watched, room.id)).toEqual(names(1, 10 + missed));
    post(10 + missed + 1, 10 + missed + 1);
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.told.get(room.id)?.at(-1)).toBe(`t${11 + missed}`);
  });

  it('lets the handshake bring what an open room missed, without a pull', async () => {
    const watched = await online(server);
    watched.client.openRoom(room.id);
    server.cut();
    postUnheard(1, 5);
    await vi.advanceTimersByTimeAsync(2000);
    expect(watched.told.get(room.id)).toEqual(names(1, 5));
    expect(server.starts.at(-1)).toMatchObject({
      open: [room.id],
      cursor: { epoch: 'first', rooms: { [room.id]: 0 } },
    });
    expect(countOf('room.changes')).toBe(0);
  });

  it('opens at its first start what was opened before it', async () => {
    const watched = watch(server);
    watched.client.openRoom(room.id);
    void watched.client.connect();
    await vi.advanceTimersByTimeAsync(50);
    server.cut();
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.starts.map(({ open }) => open)).toEqual([[room.id], [room.id]]);
  });

  it('names no more rooms than the server takes, the open ones first', async () => {
    server.toldLimits = { cursorRooms: 2, startRooms: 1 };
    const others = [server.addRoom(), server.addRoom()];
    const watched = await online(server);
    for (const { id } of others) watched.client.openRoom(id);
    server.cut();
    await vi.advanceTimersByTimeAsync(2000);
    const { open, cursor } = server.starts.at(-1) ?? {};
    expect(open).toEqual([others[1].id]);
    expect(Object.keys(cursor?.rooms ?? {}).sort()).toEqual(others.map(({ id }) => id).sort());
  });

  it('goes on in a new client from the cursor of the one before', async () => {
    const first = await online(server);
    post(1, 3);
    await vi.advanceTimersByTimeAsync(50);
    const cursor = first.client.cursor();
    first.client.close();
    postUnheard(4, 6);
    const second = await online(server, { cursor: JSON.parse(JSON.stringify(cursor)) as NonNullable<typeof cursor> });
    await vi.advanceTimersByTimeAsync(50);
    expect(second.told.get(room.id)).toEqual(names(4, 6));
  });

  it('begins anew on a server with another database', async () => {
    const watched = await online(server);
    post(1, 9);
    await vi.advanceTimersByTimeAsync(50);
    server.cut();
    server.epoch = 'second';
    Object.assign(room, { headRev: 2, headSeq: 2 });
    room.messages.length = 2;
    await vi.advanceTimersByTimeAsync(2000);
    const state = watched.client.rooms.get(room.id);
    expect([state?.lastRev, state?.messages.length, watched.resets]).toEqual([2, 0, [room.id]]);
    server.post(room, 'after');
    await vi.advanceTimersByTimeAsync(50);
    expect(shown(watched, room.id)).toEqual(['after']);
  });

  it('never tells two clients of one user different things', async () => {
    const [one, two] = [await online(server), watch(server)];
    post(1, 4);
    await vi.advanceTimersByTimeAsync(50);
    void two.client.connect();
    await vi.advanceTimersByTimeAsync(50);
    post(5, 9);
    await vi.advanceTimersByTimeAsync(50);
    expect(one.told.get(room.id)).toEqual(names(1, 9));
    expect(two.told.get(room.id)).toEqual(names(5, 9));
  });
});
