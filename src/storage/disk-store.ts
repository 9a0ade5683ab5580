import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { toDiskRefusal } from '../common/disk-faults.js';
import { newId } from '../common/id.js';
import { removeStaleFiles } from '../common/stale-files.js';
import { FileStore, type StoredFile, isKey, requireKey } from './file-store.js';

/** Files on their way, beside the others so that they can be renamed. */
const PARTIAL = '.partial';
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Files in a folder of this machine. */
export class DiskStore extends FileStore {
  private readonly partial: string;

  constructor(private readonly folder: string) {
    super();
    this.partial = join(folder, PARTIAL);
  }

  /** Removes what was left half written by a process that was killed. */
  clean(now: number): Promise<void> {
    return removeStaleFiles(this.partial, now);
  }

  async put(key: string, content: Buffer | Readable): Promise<void> {
    const path = this.pathOf(key);
    const draft = join(this.partial, newId());
    try {
      await mkdir(this.partial, { recursive: true });
      await mkdir(dirname(path), { recursive: true });
      await write(draft, content);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw toDiskRefusal(error);
    }
  }

  async get(key: string): Promise<StoredFile | null> {
    const file = await openIfThere(this.pathOf(key));
    if (!file) return null;
    const { size } = await file.stat();
    return { bytes: size, stream: file.createReadStream() };
  }

  async *list(folder: string): AsyncGenerator<string> {
    for await (const entry of await openFolder(join(this.folder, folder))) {
      const key = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.list(key);
      // What others put here is none of ours.
      else if (entry.isFile() && isKey(key)) yield key;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private pathOf(key: string): string {
    return join(this.folder, requireKey(key));
  }
}

async function write(path: string, content: Buffer | Readable): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await writeFile(file, content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The entries of a folder, read as they are asked for; one that is not there is empty. */
async function openFolder(path: string): Promise<AsyncIterable<Dirent> | Iterable<Dirent>> {
  try {
    return await opendir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
