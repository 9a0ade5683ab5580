// `npm run bench`: every workload on Parley and on the limit servers, in interleaved rounds; writes the table and the
// picture of docs/performance.md.
//
//   npm run bench -- [--rounds 3] [--seconds 5] [--messages 1000000] [--dry]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rowsOf } from './figures.mjs';
import { scratch, startMariadb } from './processes.mjs';
import { writeReport } from './report.mjs';
import {
  backOnParley,
  pagesOnParley,
  paceOnParley,
  sessionsOnLimit,
  sessionsOnParley,
  silentOnParley,
  slowOnParley,
  talkOnLimit,
  talkOnParley,
} from './workloads.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    messages: { type: 'string', default: '1000000' },
    dry: { type: 'boolean', default: false },
  },
});
const [rounds, ms, messages] = [Number(values.rounds), Number(values.seconds) * 1000, Number(values.messages)];
const folder = scratch();
const mariadb = await startMariadb(folder);
let made = 0;

/** An empty database each time: what was left by the round before would be paid by the next one. */
function fresh(engine) {
  const name = `bench_${++made}`;
  const dataDir = join(folder, name);
  mkdirSync(dataDir);
  if (engine === 'sqlite') return { url: `sqlite:${join(dataDir, 'parley.db')}`, dataDir };
  return { url: `${mariadb.url}/${name}`, dataDir, databasePid: mariadb.child.pid };
}

const talk = (kind, engine) => ({
  parley: () => talkOnParley(kind, fresh(engine), ms),
  limit: () => talkOnLimit(kind, fresh(engine), { ms, folder }),
});

/** What is measured in every round, and beside what. */
const WORK = {
  'w1 sqlite': talk('pairs', 'sqlite'),
  'w1 mariadb': talk('pairs', 'mariadb'),
  'w2h sqlite': talk('groups', 'sqlite'),
  'w2h mariadb': talk('groups', 'mariadb'),
  'w3 sqlite': { parley: () => sessionsOnParley(fresh('sqlite')), limit: () => sessionsOnLimit({ folder }) },
  'w5 back': { parley: () => backOnParley(fresh('sqlite')) },
  'w5 slow': { parley: () => slowOnParley(fresh('sqlite')) },
  'w5 silent': { parley: () => silentOnParley(fresh('sqlite')) },
  'w6 sqlite': { parley: () => paceOnParley(fresh('sqlite'), ms) },
  'w6 mariadb': { parley: () => paceOnParley(fresh('mariadb'), ms) },
};

const figures = {};
for (let round = 1; round <= rounds; round++) {
  for (const [name, servers] of Object.entries(WORK)) await measure(name, servers, round);
}
// A million rows take a while, and pages are read, not raced: once is enough.
await measure('w4 sqlite', { parley: () => pagesOnParley(fresh('sqlite'), { ms, count: messages }) }, rounds);

async function measure(name, servers, round) {
  for (const [server, run] of Object.entries(servers)) {
    const result = await run();
    ((figures[name] ??= {})[server] ??= []).push(result);
    process.stdout.write(`${round}/${rounds} ${name} ${server} ${JSON.stringify(result)}\n`);
  }
}

const rows = rowsOf(figures);
for (const { workload, figure, value, target } of rows) {
  process.stdout.write(`${workload.padEnd(12)} ${figure.padEnd(34)} ${value.padStart(10)}   ${target}\n`);
}
if (!values.dry) writeReport(rows, { rounds, seconds: ms / 1000, messages });
process.exit(0);
