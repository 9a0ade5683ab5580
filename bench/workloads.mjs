// The workloads of docs/performance.md. Each returns the figures of one round on one server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editOld, fillRoom } from './history.mjs';
import { makeGroups, makePairs, makeUsers } from './population.mjs';
import { startLimit, startLoad, startParley, stop } from './processes.mjs';
import { cpuMs, rssKiB } from './stats.mjs';

const PAIRS = 50;
const PAIR_OUTSTANDING = 4;
const GROUPS = 10;
const GROUP_MEMBERS = 100;
const GROUP_OUTSTANDING = 16;
const SESSIONS = 5000;
const SLOW_MEMBERS = 20;
const SILENT = 20_000;
const HONEST = 20;
const BACK = 2000;
/** Changes that are missed of a room in W4. */
const MISSED = 200;

/** Who talks with whom in a workload. */
const ROOMS = {
  pairs: { users: PAIRS * 2, make: makePairs, outstanding: PAIR_OUTSTANDING },
  groups: {
    users: GROUPS * GROUP_MEMBERS,
    make: (url, users) => makeGroups(url, users, GROUPS),
    outstanding: GROUP_OUTSTANDING,
  },
};

/** W1 and W2h on Parley. */
export function talkOnParley(kind, server, ms) {
  return onParley(server, async (parley) => {
    const { users, make, outstanding } = ROOMS[kind];
    const rooms = await make(parley.url, await makeUsers(parley.url, users));
    return perThousand(
      await load({ work: 'talk', url: parley.url, rooms, outstanding, ms, caughtUp: true }, pidsOf(parley, server)),
    );
  });
}

/** The same on a limit server, which takes names for rooms and users as they come. */
export function talkOnLimit(kind, server, { ms, folder }) {
  const { outstanding } = ROOMS[kind];
  const rooms = madeUp(kind);
  const named = Object.fromEntries(rooms.map(({ roomId, members }) => [roomId, members.map((m) => m.userId)]));
  return onLimit(server.url, { folder, rooms: named }, async (limit) =>
    perThousand(await load({ work: 'talk', url: limit.url, rooms, outstanding, ms }, pidsOf(limit, server))),
  );
}

async function onLimit(databaseUrl, { folder, rooms }, work) {
  const file = join(folder, 'rooms.json');
  writeFileSync(file, JSON.stringify(rooms));
  const limit = await startLimit(databaseUrl, file);
  try {
    return await work(limit);
  } finally {
    await stop(limit.child, 'SIGKILL');
  }
}

/** W3. */
export function sessionsOnParley(server) {
  return onParley(server, async (parley) => {
    const seats = await makeUsers(parley.url, SESSIONS);
    return perSession(await load({ work: 'sessions', url: parley.url, seats, caughtUp: true }, pidsOf(parley, server)));
  });
}

/** The same on a limit server, which believes everybody and says nothing but yes. */
export function sessionsOnLimit({ folder }) {
  return onLimit('none', { folder, rooms: {} }, async (limit) => {
    const seats = Array.from({ length: SESSIONS }, (_, i) => ({ userId: `u${i}`, token: `u${i}` }));
    return perSession(await load({ work: 'sessions', url: limit.url, seats, caughtUp: false }, [limit.child.pid]));
  });
}

/** W4: pages near the end of a long room, and all over it. */
export async function pagesOnParley(server, { ms, count }) {
  const file = server.url.slice('sqlite:'.length);
  const first = await startParley(server.url, server);
  const [owner] = await makeUsers(first.url, 1);
  const [{ roomId }] = await makeGroups(first.url, [owner], 1);
  await stop(first.child);
  const headRev = fillRoom(file, { roomId, senderId: owner.userId }, count);
  // What is missed in the end: edits of messages at any depth, and new ones.
  editOld(file, roomId, MISSED / 2);
  fillRoom(file, { roomId, senderId: owner.userId }, MISSED / 2);
  return onParley(server, async (parley) => {
    const job = { url: parley.url, roomId, token: owner.token, ms };
    const measured = async (work) => {
      const { result, marks } = await load({ ...job, ...work }, pidsOf(parley, server));
      const cpuPerPage = (marks.end.cpu - marks.begin.cpu) / result.pages;
      return { perSecond: (result.pages * 1000) / result.elapsed, cpuPerPage };
    };
    const read = (from, to) => measured({ work: 'pages', depths: { from, to } });
    await read(headRev - 10_000, headRev);
    const [shallow, anywhere] = [await read(headRev - 10_000, headRev), await read(1000, headRev)];
    const { cpuPerPage: cpuPerChanges } = await measured({
      work: 'changes',
      missed: { since: headRev, count: MISSED },
    });
    const { perSecond, cpuPerPage } = anywhere;
    return { shallow: shallow.perSecond, anywhere: perSecond, cpuPerPage, cpuPerChanges };
  });
}

/** W5: half of a room's members stop reading. */
export function slowOnParley(server) {
  return onParley(server, async (parley) => {
    const rooms = await makeGroups(parley.url, await makeUsers(parley.url, SLOW_MEMBERS), 1);
    const job = { work: 'slow', url: parley.url, rooms, caughtUp: true };
    const { result, marks } = await load(job, pidsOf(parley, server));
    // The last phase without a stopped reader, and the one behind it.
    const held = (marks.stopped5.rss - marks.reading4.rss) / 1024;
    return { mibPerReader: Math.max(0, held) / result.stopped, p99Shift: result.p99Shift };
  });
}

/** W5: sockets that never start, and honest clients between them; with every limit in force. */
export async function silentOnParley(server) {
  const first = await startParley(server.url, server);
  const seats = await makeUsers(first.url, HONEST);
  await stop(first.child);
  return onParley({ ...server, env: { LIMITS: 'on' } }, async (parley) => {
    const { result } = await load({ work: 'silent', url: parley.url, seats, count: SILENT }, pidsOf(parley, server));
    return { honestMs: result.worstMs, held: result.held };
  });
}

/** W5: everybody is dropped and comes back. */
export function backOnParley(server) {
  return onParley(server, async (parley) => {
    const rooms = await makeGroups(parley.url, await makeUsers(parley.url, BACK), BACK / GROUP_MEMBERS);
    const { marks } = await load({ work: 'back', url: parley.url, rooms, caughtUp: true }, pidsOf(parley, server));
    return { backCpuSeconds: (marks.end.serverCpu - marks.begin.serverCpu) / 1000 };
  });
}

/** W6. */
export function paceOnParley(server, ms) {
  return onParley(server, async (parley) => {
    const rooms = await makePairs(parley.url, await makeUsers(parley.url, PAIRS * 2));
    const job = { work: 'pace', url: parley.url, rooms, perSecond: 500, ms, caughtUp: true };
    const { result } = await load(job, pidsOf(parley, server));
    return result;
  });
}

async function onParley(server, work) {
  const parley = await startParley(server.url, server);
  try {
    return await work(parley);
  } finally {
    await stop(parley.child, server.nodeArgs?.length ? 'SIGTERM' : 'SIGKILL');
  }
}

const pidsOf = ({ child }, server) => [child.pid, ...(server.databasePid ? [server.databasePid] : [])];

function madeUp(kind) {
  const { users } = ROOMS[kind];
  const size = kind === 'pairs' ? 2 : GROUP_MEMBERS;
  const id = (i) => String(i).padStart(26, '0');
  const seats = Array.from({ length: users }, (_, i) => ({ userId: id(i), token: id(i) }));
  return Array.from({ length: users / size }, (_, i) => ({
    roomId: id(i),
    members: seats.slice(i * size, (i + 1) * size),
  }));
}

/** Runs a job in the load process and notes CPU and memory of the given processes at its marks. */
export function load(job, pids) {
  const child = startLoad();
  const marks = {};
  return new Promise((resolve, reject) => {
    child.on('message', ({ mark, result, error }) => {
      if (error) reject(new Error(error));
      if (result) resolve({ result, marks });
      if (!mark) return;
      marks[mark] = { cpu: cpuMs(pids), serverCpu: cpuMs(pids.slice(0, 1)), rss: rssKiB(pids[0]) };
      child.send('noted');
    });
    child.once('exit', () => reject(new Error('the load ended without a result')));
    child.send(job);
  });
}

/** A server that has run for a while has grown already; what counts is what sessions add. */
function perSession({ result, marks }) {
  const { begin, standing, stood, back, end } = marks;
  return {
    kibPerSession: (stood.rss - begin.rss) / result.started,
    startsPerSecond: (result.started * 1000) / result.elapsed,
    startCpu: (end.cpu - back.cpu) / result.started,
    idleCpuPercent: ((stood.cpu - standing.cpu) * 100) / result.idleMs,
  };
}

function perThousand({ result, marks }) {
  const cpu = marks.end.cpu - marks.begin.cpu;
  return {
    cpuPerAck: (cpu * 1000) / result.acked,
    serverCpuPerAck: ((marks.end.serverCpu - marks.begin.serverCpu) * 1000) / result.acked,
    cpuPerDelivery: (cpu * 1000) / result.delivered,
    acksPerSecond: (result.acked * 1000) / result.elapsed,
    deliveriesPerSecond: (result.delivered * 1000) / result.elapsed,
  };
}
