import type { Dirent } from 'node:fs';
import { type FileHandle, copyFile, mkdir, open, opendir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { toDiskRefusal } from '../common/disk-faults.js';
import { newId } from '../common/id.js';
import { removeStaleFiles } from '../common/stale-files.js';
import { type ByteRange, FileStore, type StoredFile, isKey, requireKey } from './file-store.js';

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

  clean(now: number): Promise<void> {
    return removeStaleFiles(this.partial, now);
  }

  close(): void {
    // Files are closed by who reads them.
  }

  async put(key: string, content: Buffer | Readable): Promise<void> {
    await this.keep(this.pathOf(key), (draft) => write(draft, content));
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.keep(this.pathOf(key), (draft) => take(path, draft));
  }

  async get(key: string, range?: ByteRange): Promise<StoredFile | null> {
    const file = await openIfThere(this.pathOf(key));
    if (!file) return null;
    const { size } = await file.stat();
    return { bytes: size, stream: file.createReadStream(range && { start: range.first, end: range.last }) };
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

  /** Puts a file in its place once it is whole. */
  private async keep(path: string, make: (draft: string) => Promise<void>): Promise<void> {
    const draft = join(this.partial, newId());
    try {
      const folder = dirname(path);
      await mkdir(this.partial, { recursive: true });
      const made = await mkdir(folder, { recursive: true });
      await make(draft);
      await rename(draft, path);
      await syncFolders(folder, made ? dirname(made) : folder);
    } catch (error) {
      await rm(draft, { force: true });
      throw toDiskRefusal(error);
    }
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

/** Moves a file, or copies it where it is on another disk, and sees to it that it is on disk. */
async function take(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (codeOf(error) !== 'EXDEV') throw error;
    return copyFile(from, to);
  });
  await syncFile(to, 'r+');
}

/** Sees to it that the names in a folder are on disk, and those in the folders above it up to `top`. */
async function syncFolders(folder: string, top: string): Promise<void> {
  // There a folder cannot be opened like a file.
  if (process.platform === 'win32') return;
  await syncFile(folder, 'r');
  if (folder !== top) await syncFolders(dirname(folder), top);
}

async function syncFile(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
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
