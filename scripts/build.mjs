// Builds the server into dist/ and the page into dist/web, and marks the end of it. With --if-stale, only where
// something is newer than the last build. A build that fails leaves nothing; one that is killed leaves no mark, so the
// next start builds again.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'dist/.built';
const SOURCES = [
  'src',
  'sdk',
  'web',
  'conformance',
  'ormconfig.ts',
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
];

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(command, ...args) {
  execFileSync(join('node_modules', '.bin', command), args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

function build() {
  const begun = new Date();
  rmSync('dist', { recursive: true, force: true });
  run('nest', 'build');
  if (existsSync('vite.config.ts')) run('vite', 'build', '--logLevel', 'warn');
  writeFileSync(MARK, '');
  // What was changed while it ran is newer than the mark.
  utimesSync(MARK, begun, begun);
}

const isStale = !existsSync(MARK) || SOURCES.some((path) => newest(path) > statSync(MARK).mtimeMs);
if (isStale || !process.argv.includes('--if-stale')) {
  try {
    build();
  } catch (error) {
    rmSync('dist', { recursive: true, force: true });
    process.stderr.write(`the build failed: ${error.message}\n`);
    process.exitCode = 1;
  }
}
