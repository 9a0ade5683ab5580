// Runs the faults of test/faults/ against the built server: a sample of them, or with --full as many as it takes to be
// sure (about a quarter of an hour). What is needed besides Node: MariaDB's server and strace.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const args = process.argv.slice(2);
const isFull = args.includes('--full');
const files = args.filter((arg) => arg !== '--full');
const vitest = [
  join('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--config',
  'test/faults/vitest.config.ts',
  ...files,
];
const env = { ...process.env, FAULTS_FULL: isFull ? '1' : '0' };
process.exitCode = spawnSync(process.execPath, vitest, { env, stdio: 'inherit' }).status ?? 1;
