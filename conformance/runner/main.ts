// npm run conformance -- --client "./my-client": plays every vector with it and says which it does not pass.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { adapterProgram } from './adapter.js';
import { printReport } from './report.js';
import { type Patience, runAll, runVector } from './run-vector.js';
import { loadVectors } from './vector.js';

const USAGE = `npm run conformance -- --client "COMMAND" [options]
  --client COMMAND  starts your adapter; conformance/README.md says what it has to answer
  --only TEXT       only vectors whose name has this text
  --jobs N          so many vectors at the same time (default 4)
  --patience MS     how long a client has for one step (default 5000)
  --list            the vectors, without playing them
`;

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '4' },
    patience: { type: 'string', default: '5000' },
    list: { type: 'boolean', default: false },
  },
});
const folder = fileURLToPath(new URL('../../../conformance/vectors/', import.meta.url));
const vectors = loadVectors(folder).filter(({ name }) => name.includes(values.only));

if (values.list) {
  for (const { name, title } of vectors) process.stdout.write(`${name}: ${title}\n`);
} else if (values.client === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const source = adapterProgram(values.client);
  const patience: Patience = { stepMs: Number(values.patience), quietMs: 300 };
  const results = await runAll(vectors, (vector) => runVector(vector, source, patience), Number(values.jobs));
  process.exitCode = printReport(results, (line) => process.stdout.write(`${line}\n`)) ? 0 : 1;
}
