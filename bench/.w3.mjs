import { join } from 'node:path';
import { scratch, startParley, stop } from './processes.mjs';
import { makeUsers } from './population.mjs';
import { load } from './workloads.mjs';
const folder = scratch();
const server = { url: `sqlite:${join(folder, 'parley.db')}`, dataDir: folder };
const first = await startParley(server.url, server);
const seats = await makeUsers(first.url, 3000);
await stop(first.child);
const rounds = Number(process.argv[2] ?? 1);
for (let i = 0; i < rounds; i++) {
  const p = await startParley(server.url, { ...server, nodeArgs: process.argv.slice(3) });
  const { result, marks } = await load({ work: 'sessions', url: p.url, seats, caughtUp: true }, [p.child.pid]);
  console.log(JSON.stringify({ perSec: result.started * 1000 / result.elapsed, cpu: (marks.started.cpu - marks.begin.cpu) / result.started, kib: (marks.end.rss - marks.begin.rss) / result.started }));
  await stop(p.child, 'SIGTERM');
}
process.exit(0);
