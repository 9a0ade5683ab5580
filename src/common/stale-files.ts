import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Longer than anything that is still being written takes. */
const STALE_MS = 600_000;

/** Removes what a process that was killed left in a folder of files on their way. A folder that is not there is empty. */
export async function removeStaleFiles(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && now - found.mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}
