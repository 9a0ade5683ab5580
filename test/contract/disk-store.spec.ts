import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DiskStore } from '../../src/storage/disk-store.js';
import { describeFileStore } from './file-store.contract.js';

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile());

describeFileStore('on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
  return Promise.resolve({
    store: new DiskStore(folder),
    list: () => Promise.resolve(filesIn(folder)),
    close: () => Promise.resolve(rmSync(folder, { recursive: true })),
  });
});

describe('DiskStore', () => {
  it('removes what a killed process left half written, and not what is being written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
    const store = new DiskStore(folder);
    await store.clean(Date.now());
    await store.put('a/b.bin', Buffer.from('kept'));
    mkdirSync(join(folder, '.partial'), { recursive: true });
    for (const name of ['old', 'new']) writeFileSync(join(folder, '.partial', name), 'x');
    const hourAgo = Date.now() / 1000 - 3600;
    for (const path of ['.partial/old', 'a/b.bin']) utimesSync(join(folder, path), hourAgo, hourAgo);
    await store.clean(Date.now());
    expect(filesIn(folder).sort()).toEqual(['.partial/new', 'a/b.bin']);
    rmSync(folder, { recursive: true });
  });

  it.skipIf(process.platform !== 'linux')('has a file on disk with its name and those of its folders', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
    const store = new DiskStore(folder);
    const handle = await open(folder);
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const synced: string[] = [];
    const sync = Object.getOwnPropertyDescriptor(prototype, 'sync')?.value as () => Promise<void>;
    vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
      synced.push(relative(folder, readlinkSync(`/proc/self/fd/${this.fd}`)));
      return sync.call(this);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const syncedBy = async (work: Promise<void>) => {
      await work;
      return synced.splice(0).map((path) => path.replace(/^\.partial\/.*/, 'the file'));
    };
    expect(await syncedBy(store.put('a/b/c.bin', Buffer.from('x')))).toEqual(['the file', 'a/b', 'a', '']);
    writeFileSync(join(folder, 'upload'), 'x');
    expect(await syncedBy(store.putFile('a/b/d.bin', join(folder, 'upload')))).toEqual(['the file', 'a/b']);
    rmSync(folder, { recursive: true });
  });

  it('says of a disk that is full that there is no room left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-store-'));
    const store = new DiskStore(folder);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const content = (async function* () {
      yield Buffer.from('x');
      await Promise.resolve();
      throw full;
    })();
    await expect(store.put('a/b.bin', Readable.from(content))).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(filesIn(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
