// npm run conformance -- --client "./my-client": plays every vector with it, and with --faults a talk over a bad network.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { type AdapterSource, adapterProgram } from './adapter.js';
import { printFaults, printReport } from './report.js';
import { type Patience, runAll, runVector } from './run-vector.js';
import { RealServer } from './real-server.js';
import { runFaults } from './run-faults.js';
import { loadVectors } from './vector.js';

const USAGE = `npm run conformance -- --client "COMMAND" [options]
  --client COMMAND  starts your adapter; conformance/README.md says what it has to answer
  --only TEXT       only vectors whose name has this text
  --jobs N          so many vectors at the same time (default 4)
  --patience MS     how long a client has for one step (default 5000)
  --list            the vectors, without playing them
  --faults N        in place of the vectors: N talks with a real server over a bad network
  --seed N          the first one's seed (default 1); the same seed makes the same talk
`;

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '4' },
    patience: { type: 'string', default: '5000' },
    faults: { type: 'string' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
});
const folder = fileURLToPath(new URL('../../../conformance/vectors/', import.meta.url));
const vectors = loadVectors(folder).filter(({ name }) => name.includes(values.only));

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function playVectors(source: AdapterSource): Promise<boolean> {
  const patience: Patience = { stepMs: Number(values.patience), quietMs: 300 };
  const results = await runAll(vectors, (vector) => runVector(vector, source, patience), Number(values.jobs));
  return printReport(results, print);
}

async function playFaults(source: AdapterSource, talks: number): Promise<boolean> {
  const server = new RealServer(fileURLToPath(new URL('../../src/main.js', import.meta.url)));
  let isRight = true;
  try {
    await server.start();
    for (let at = 0; at < talks; at++) {
      const seed = Number(values.seed) + at;
      const result = await runFaults(server, source, { seed, actions: 300, settleMs: 30_000 });
      isRight = printFaults(seed, result, print) && isRight;
    }
  } finally {
    await server.drop();
  }
  return isRight;
}

if (values.list) {
  for (const { name, title } of vectors) print(`${name}: ${title}`);
} else if (values.client === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const source = adapterProgram(values.client);
  const isRight = values.faults === undefined ? playVectors(source) : playFaults(source, Number(values.faults));
  process.exitCode = (await isRight) ? 0 : 1;
}
