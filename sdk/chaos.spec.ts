import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeRoom } from './testing/fake-room.js';
import { type Fault, FakeServer, problemOf } from './testing/fake-server.js';
import { type Watched, online } from './testing/start.js';

/** Mulberry32: the same seed gives the same run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FAULTS: readonly Fault[] = [
  'cut-before',
  'cut-after',
  'lose-answer',
  problemOf('RATE_LIMITED', { retryAfterMs: 300 }),
  problemOf('UNAVAILABLE'),
  problemOf('TIMEOUT'),
];

interface Run {
  readonly server: FakeServer;
  readonly rooms: readonly FakeRoom[];
  readonly clients: readonly Watched[];
  /** What each client sent in each room, in order. */
  readonly sent: Map<string, string[]>;
  readonly random: () => number;
}

async function begin(seed: number): Promise<Run> {
  const random = randomOf(seed);
  const server = new FakeServer();
  // Small enough that one absence is a reset and the next one is not.
  server.limits = { gap: 25, page: 5 };
  const rooms = [server.addRoom(), server.addRoom()];
  const clients = [await online(server), await online(server)];
  clients[0]?.client.openRoom(rooms[0]?.id ?? '');
  server.fault = () => (random() < 0.12 ? (FAULTS[Math.floor(random() * FAULTS.length)] ?? null) : null);
  server.loses = (frame) => frame.rev !== undefined && random() < 0.1;
  return { server, rooms, clients, sent: new Map(), random };
}

function act({ server, rooms, clients, sent, random }: Run, step: number): void {
  const room = rooms[Math.floor(random() * rooms.length)] as FakeRoom;
  const at = Math.floor(random() * clients.length);
  const { client } = clients[at] as Watched;
  const dice = random();
  if (dice < 0.4) {
    client.send(room.id, `own ${at} ${step}`);
    const key = `${at} ${room.id}`;
    sent.set(key, [...(sent.get(key) ?? []), `own ${at} ${step}`]);
  } else if (dice < 0.7) server.post(room, `other ${step}`);
  else if (dice < 0.8 && room.messages[0]) {
    const message = room.messages[Math.floor(random() * room.messages.length)];
    server.broadcast(room.edit(message?.id ?? '', `edited ${step}`));
  } else if (dice < 0.83) for (let i = 0; i < 30; i++) room.post(server.newId(), 'x', `unheard ${step} ${i}`);
  else if (dice < 0.86) server.cut();
  else if (dice < 0.87) for (const socket of server.sockets) socket.isDead = random() < 0.5;
  else if (dice < 0.9) client.loadOlder(room.id, 10).catch(() => undefined);
}

/** No faults any more; what was lost has to be found. */
async function settle({ server, rooms }: Run): Promise<void> {
  server.fault = () => null;
  server.loses = () => false;
  for (const room of rooms) server.broadcast({ event: 'room.stale', roomId: room.id, data: { headRev: room.headRev } });
  await vi.advanceTimersByTimeAsync(120_000);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('under faults', () => {
  it.each(Array.from({ length: 60 }, (_, i) => i + 1))('ends with what the server has (seed %i)', async (seed) => {
    const run = await begin(seed);
    for (let step = 0; step < 150; step++) {
      act(run, step);
      await vi.advanceTimersByTimeAsync(Math.floor(run.random() * 200));
    }
    await settle(run);
    for (const room of run.rooms) {
      for (const [at, { client, told, resets }] of run.clients.entries()) {
        const state = client.rooms.get(room.id);
        expect([client.isOnline, client.pending(room.id), state?.lastRev]).toEqual([true, [], room.headRev]);
        // The window is the server's, from some rev on.
        expect(state?.messages).toEqual(room.messages.filter(({ rev }) => rev >= (state?.fromRev ?? 0)));
        expect(state?.headSeq).toBe(room.headSeq);
        // Nothing was told twice, and without a reset nothing was left out.
        const heard = told.get(room.id) ?? [];
        const ids = new Set(heard);
        expect(ids.size).toBe(heard.length);
        if (!resets.includes(room.id)) expect(heard.length).toBe(room.messages.length);
        // What was sent is stored once, in the order of sending.
        const own = room.messages.filter(({ senderId }) => senderId === run.server.user.id);
        const kept = run.sent.get(`${at} ${room.id}`) ?? [];
        const stored = own.map(({ id }) => run.server.textSent(id)).filter((text) => text.startsWith(`own ${at} `));
        expect(stored).toEqual(kept);
      }
    }
  });
});
