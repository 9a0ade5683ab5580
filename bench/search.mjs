// `npm run bench:search`: a million made messages in one large room and 500 small ones are indexed from the log, and
// searched for two words.
//
//   npm run bench:search -- [--engine sqlite|mariadb] [--messages 1000000] [--seconds 10] [--rounds 3]
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeGroups, makeUsers } from './population.mjs';
import { scratch, startMariadb, startParley, stop } from './processes.mjs';
import { CHINESE, ENGLISH, randomOf, textSource, zipf } from './search-texts.mjs';
import { fillRooms } from './search-fill.mjs';
import { percentile } from './stats.mjs';

const ROOMS = 500;
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    messages: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
  },
});
const count = Number(values.messages);
const folder = scratch();
const dataDir = join(folder, 'data');
mkdirSync(dataDir);
const tell = (what, figures) => process.stdout.write(`${what} ${JSON.stringify(figures)}\n`);

const url =
  values.engine === 'sqlite' ? `sqlite:${join(folder, 'parley.db')}` : `${(await startMariadb(folder)).url}/search`;
const { token, rooms } = await populate();

async function populate() {
  const { child, url: address } = await startParley(url, { dataDir, env: { SEARCH: 'on' } });
  const [owner] = await makeUsers(address, 1);
  const made = [];
  for (let i = 0; i <= ROOMS; i++) made.push((await makeGroups(address, [owner], 1))[0].roomId);
  await stop(child);
  await fillRooms(url, { rooms: made, senderId: owner.userId, count, source: textSource(7) });
  return { token: owner.token, rooms: made };
}

/** Milliseconds of processor time of each thread of a process. */
function threadsOf(pid) {
  return new Map(
    readdirSync(`/proc/${pid}/task`).map((id) => {
      const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [id, (Number(fields[11]) + Number(fields[12])) * 10];
    }),
  );
}

/** Of all threads but the first one, the busiest: that of the index. */
const indexThread = (pid) => [...threadsOf(pid)].filter(([id]) => id !== String(pid)).sort((a, b) => b[1] - a[1])[0];

const agent = new Agent({ keepAlive: true });

function get(address, path) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${address}/api/v1/search/messages?${path}`, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString());
        if (answer.statusCode !== 200) reject(new Error(JSON.stringify(body)));
        else resolve(body);
      });
    });
    asked.on('error', reject).end();
  });
}

async function indexed(address) {
  const begun = performance.now();
  for (;;) {
    const { complete } = await get(address, `q=${ENGLISH[0]}&limit=1`);
    if (complete) return performance.now() - begun;
    await pause(500);
  }
}

const random = randomOf(99);
const any = (list, from, to) => list[Math.min(list.length - 1, from + Math.floor(random() * (to - from)))];
const twoSigns = CHINESE.filter((word) => word.length > 1);
const source = textSource(12_345);
const rank = zipf(20_000, random);

/** Two words of one text, as somebody looks for what he remembers. */
function remembered() {
  for (;;) {
    const text = source.next();
    const words = text.match(/[a-z]+|[\u4e00-\u9fff]{2}/g) ?? [];
    if (words.length > 3) return [any(words, 0, words.length), any(words, 0, words.length)];
  }
}

const PAIRS = {
  'frequent, frequent': () => [any(ENGLISH, 0, 20), any(ENGLISH, 0, 20)],
  'frequent of two languages': () => [any(ENGLISH, 0, 20), any(twoSigns, 0, 20)],
  'frequent, rare': () => [any(ENGLISH, 0, 20), any(ENGLISH, 10_000, 30_000)],
  'middling, middling': () => [any(ENGLISH, 100, 1000), any(ENGLISH, 100, 1000)],
  'rare, rare': () => [any(twoSigns, 10_000, 20_000), any(ENGLISH, 10_000, 30_000)],
  'Chinese, frequent': () => [any(twoSigns, 0, 50), any(twoSigns, 0, 50)],
  'as often as they occur': () => [ENGLISH[rank()], ENGLISH[rank()]],
  'of one text': remembered,
};
const SCOPES = { 'one room': () => `&roomId=${rooms[0]}`, '500 rooms': () => '' };

async function measure(address, pairOf, scope) {
  const times = [];
  let found = 0;
  const end = performance.now() + (Number(values.seconds) * 1000) / Object.keys(PAIRS).length;
  while (performance.now() < end) {
    const q = encodeURIComponent(pairOf().join(' '));
    const begun = performance.now();
    const { items } = await get(address, `q=${q}${scope()}`);
    times.push(performance.now() - begun);
    found += items.length;
  }
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  return { times, p50: p50.toFixed(1), p99: p99.toFixed(1), found: (found / times.length).toFixed(1) };
}

const server = await startParley(url, { dataDir, env: { SEARCH: 'on' } });
const ms = await indexed(server.url);
const [, cpu] = indexThread(server.child.pid);
const bytes = ['', '-wal'].reduce(
  (sum, end) => sum + (statSync(join(dataDir, `search.db${end}`), { throwIfNoEntry: false })?.size ?? 0),
  0,
);
tell('indexed', {
  seconds: (ms / 1000).toFixed(1),
  cpuUsPerMessage: ((cpu * 1000) / count).toFixed(2),
  mb: (bytes / 1e6).toFixed(0),
});
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const scope of Object.keys(SCOPES)) await searchIn(scope, round);
}

async function searchIn(scope, round) {
  const all = [];
  for (const [pair, pairOf] of Object.entries(PAIRS)) {
    const { times, ...figures } = await measure(server.url, pairOf, SCOPES[scope]);
    all.push(...times);
    tell(`${round} ${scope}: ${pair}`, figures);
  }
  const [p50, p99] = [percentile(all, 0.5).toFixed(1), percentile(all, 0.99).toFixed(1)];
  tell(`${round} ${scope}: all`, { searches: all.length, p50, p99 });
}

await stop(server.child);
process.exit(0);
