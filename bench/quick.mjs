// One workload once, with its figures as JSON: for work on the message path. See bench.mjs for the whole.
import { join } from 'node:path';
import { scratch, startMariadb } from './processes.mjs';
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

const [workload, engine = 'sqlite', seconds = '5', ...nodeArgs] = process.argv.slice(2);
const folder = scratch();
const ms = Number(seconds) * 1000;

async function server() {
  if (engine === 'sqlite') return { url: `sqlite:${join(folder, 'parley.db')}`, dataDir: folder, nodeArgs };
  const { child, url } = await startMariadb(folder);
  return { url: `${url}/parley`, dataDir: folder, databasePid: child.pid, nodeArgs };
}

const WORK = {
  w1: (on) => talkOnParley('pairs', on, ms),
  w2h: (on) => talkOnParley('groups', on, ms),
  w1limit: (on) => talkOnLimit('pairs', on, { ms, folder }),
  w2limit: (on) => talkOnLimit('groups', on, { ms, folder }),
  w3: (on) => sessionsOnParley(on),
  w3limit: () => sessionsOnLimit({ folder }),
  w4: (on) => pagesOnParley(on, { ms, count: Number(process.env.COUNT ?? 1_000_000) }),
  slow: (on) => slowOnParley(on),
  silent: (on) => silentOnParley(on),
  back: (on) => backOnParley(on),
  w6: (on) => paceOnParley(on, ms),
};

process.stdout.write(`${JSON.stringify(await WORK[workload](await server()))}\n`);
process.exit(0);
