// W5: what crowds and slow clients cost: readers that stop, sockets that never start, and everybody coming back at once.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../stats.mjs';
import { ClientSocket } from './client-socket.mjs';
import { newId, textOf } from './ids.mjs';
import { Session } from './session.mjs';

const SLOW_TEXT_BYTES = 8000;
const SLOW_PER_SECOND = 100;
const PHASES = 6;
const PHASE_MS = 5000;

/**
 * Half of a room's members stop reading and read on, in turns; what the others' acks take is told for both. A stopped
 * reader is sent far more than the kernel's buffers take, so the server has to hold it.
 */
export async function slow({ url, rooms: [room], caughtUp }, window) {
  const sessions = [];
  for (const seat of room.members) sessions.push(await Session.start(url, seat, { caughtUp }));
  const stopped = sessions.slice(sessions.length / 2);
  const latencies = { reading: [], stopped: [] };
  await saySteadily(sessions[0], room.roomId, { ms: PHASE_MS, latencies: [] });
  await window.open();
  for (let phase = 0; phase < PHASES; phase++) {
    const kind = phase % 2 ? 'stopped' : 'reading';
    for (const { socket } of stopped) socket.read(kind === 'reading');
    await saySteadily(sessions[0], room.roomId, { ms: PHASE_MS, latencies: latencies[kind] });
    await window.mark(`${kind}${phase}`);
  }
  for (const { socket } of sessions) socket.destroy();
  await window.close();
  return { stopped: stopped.length, p99Shift: p99(latencies.stopped) / p99(latencies.reading) };
}

const p99 = (values) => percentile(values, 0.99);

/** An open loop, as in W6. */
async function saySteadily(session, roomId, { ms, latencies }) {
  const count = (SLOW_PER_SECOND * ms) / 1000;
  const answers = [];
  const sayOne = () => {
    const [id, at] = [newId(), performance.now()];
    answers.push(
      new Promise((answered) => session.send(roomId, id, textOf(SLOW_TEXT_BYTES, id), answered)).then(() =>
        latencies.push(performance.now() - at),
      ),
    );
  };
  const begun = performance.now();
  while (answers.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) * SLOW_PER_SECOND) / 1000));
    while (answers.length < due) sayOne();
    await pause(1);
  }
  await Promise.all(answers);
}

const SILENT_AT_ONCE = 200;
const HONEST_EVERY = 1000;

/**
 * Sockets that never start, `count` of each kind: half of them of one address, the others of many. Between them an
 * honest client comes from an address of its own, as often as it takes to know.
 */
export async function silent({ url, seats, count }, window) {
  await window.open();
  const waits = [];
  const open = [];
  for (let i = 0; i < count * 2; i += SILENT_AT_ONCE) {
    const begin = i < count ? silentTcp : silentWebSocket;
    const batch = Array.from({ length: SILENT_AT_ONCE }, (_, j) => begin(url, addressOf(i + j)).catch(() => null));
    open.push(...(await Promise.all(batch)).filter((socket) => socket !== null));
    if (i % HONEST_EVERY === 0) waits.push(await honest(url, seats[waits.length % seats.length]));
  }
  await window.close();
  const held = open.filter((socket) => !socket.destroyed).length;
  for (const socket of open) socket.destroy();
  return { tried: count * 2, held, honest: waits.length, worstMs: Math.max(...waits) };
}

/** Loopback has sixteen million addresses. */
const addressOf = (i) => (i % 2 ? '127.9.9.9' : `127.1.${(i >> 8) & 255}.${i & 255}`);

function silentTcp(url, localAddress) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress }, () => resolve(socket));
    socket.on('error', () => resolve(null)).resume();
  });
}

const silentWebSocket = (url, from) => ClientSocket.open(url, from).then(({ tcp }) => tcp);

/** Milliseconds until somebody who comes now is in a session. */
async function honest(url, seat) {
  const begun = performance.now();
  const session = await Session.start(url, seat, { caughtUp: true, from: '127.0.0.77' });
  const ms = performance.now() - begun;
  session.socket.destroy();
  return ms;
}

const MISSED = 20;
const BACK_AT_ONCE = 64;

/** Everybody is dropped, misses messages, and comes back with his cursor; each has to get just what he missed. */
export async function back({ url, rooms, caughtUp }, window) {
  const seats = rooms.flatMap(({ roomId, members }) => members.map((seat) => ({ seat, roomId })));
  const cursors = new Map();
  const first = await startAll(seats, async ({ seat, roomId }) => {
    const session = await Session.start(url, seat, { caughtUp });
    cursors.set(seat, JSON.parse(await session.call('room.open', { roomId })).data.headRev);
    return session;
  });
  for (const { socket } of first) socket.destroy();
  for (const { roomId, members } of rooms) await sayMissed(url, roomId, members[0]);
  await pause(1000);
  await window.open();
  const begun = performance.now();
  const sessions = await startAll(seats, ({ seat, roomId }) => {
    const cursor = { rooms: { [roomId]: cursors.get(seat) } };
    return Session.start(url, seat, { caughtUp, cursor, open: [roomId] });
  });
  const elapsed = performance.now() - begun;
  await window.close();
  for (const session of sessions) {
    if (session.created !== MISSED) throw new Error(`${session.created} of ${MISSED} missed messages came`);
    session.socket.destroy();
  }
  return { back: sessions.length, elapsed };
}

async function startAll(seats, start) {
  const left = [...seats];
  const started = [];
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) started.push(await start(next));
  };
  await Promise.all(Array.from({ length: BACK_AT_ONCE }, worker));
  return started;
}

async function sayMissed(url, roomId, seat) {
  const session = await Session.start(url, seat, { caughtUp: true });
  for (let i = 0; i < MISSED; i++) {
    const id = newId();
    await new Promise((done) => session.send(roomId, id, textOf(120, id), done));
  }
  session.socket.destroy();
}
