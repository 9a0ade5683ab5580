import { execFileSync } from 'node:child_process';

/** Builds what is newer than its build. */
export function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
}
