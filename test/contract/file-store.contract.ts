import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileStore } from '../../src/storage/file-store.js';

interface OpenStore {
  readonly store: FileStore;
  /** Every file that the store keeps, half written ones too. */
  readonly list: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** What every `FileStore` promises. */
export function describeFileStore(name: string, open: () => Promise<OpenStore>): void {
  describe(`FileStore ${name}`, () => {
    let opened: OpenStore;
    let store: FileStore;
    beforeAll(async () => {
      opened = await open();
      ({ store } = opened);
    });
    afterAll(() => opened?.close());

    const read = async (key: string) => {
      const file = await store.get(key);
      return file && { bytes: file.bytes, text: await text(file.stream) };
    };

    const listOf = async (folder: string) => {
      const keys: string[] = [];
      for await (const key of store.list(folder)) keys.push(key);
      return keys;
    };

    it('gives back what it was given, from memory and from a stream', async () => {
      await store.put('a/1.bin', Buffer.from('one'));
      await store.put('a/b/c-d_e.webp', Readable.from([Buffer.from('tw'), Buffer.from('o')]));
      await store.put('a/empty.bin', Buffer.alloc(0));
      expect(await read('a/1.bin')).toEqual({ bytes: 3, text: 'one' });
      expect(await read('a/b/c-d_e.webp')).toEqual({ bytes: 3, text: 'two' });
      expect(await read('a/empty.bin')).toEqual({ bytes: 0, text: '' });
    });

    it('takes a file of this machine, and keeps nothing of one that is not there', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'parley-upload-'));
      const path = join(folder, 'upload');
      const content = Buffer.alloc(300_000, 'abc');
      writeFileSync(path, content);
      await store.putFile('files/1.bin', path);
      rmSync(folder, { recursive: true });
      expect(await read('files/1.bin')).toEqual({ bytes: content.length, text: content.toString() });
      const before = (await opened.list()).sort();
      await expect(store.putFile('files/2.bin', path)).rejects.toThrow(/ENOENT/);
      expect((await opened.list()).sort()).toEqual(before);
    });

    it.each([
      [0, 0, '0'],
      [0, 9, '0123456789'],
      [3, 5, '345'],
      [9, 9, '9'],
    ])('gives the bytes from %i to %i', async (first, last, part) => {
      await store.put('a/range.bin', Buffer.from('0123456789'));
      const file = await store.get('a/range.bin', { first, last });
      expect([file?.bytes, file && (await text(file.stream))]).toEqual([10, part]);
      expect(await store.get('a/none.bin', { first, last })).toBeNull();
    });

    it('gives up a file whose reader goes away, and the next one is whole', async () => {
      const content = Buffer.alloc(3_000_000, 7);
      await store.put('a/large.bin', content);
      for (let i = 0; i < 5; i++) (await store.get('a/large.bin'))?.stream.destroy();
      const file = await store.get('a/large.bin');
      expect((await buffer(file?.stream ?? Readable.from([]))).equals(content)).toBe(true);
    });

    it('has nothing under another key, nor under one that was removed', async () => {
      expect(await store.get('a/2.bin')).toBeNull();
      await store.put('a/3.bin', Buffer.from('three'));
      for (let i = 0; i < 2; i++) await store.remove('a/3.bin');
      expect(await store.get('a/3.bin')).toBeNull();
    });

    it('lists what it keeps below a folder, and nothing of others', async () => {
      const keys = ['lists/1.bin', 'lists/a/2.bin', 'lists/b/c/3.webp'];
      for (const key of [...keys, 'listsmore/4.bin']) await store.put(key, Buffer.from('x'));
      expect((await listOf('lists')).sort()).toEqual(keys);
      expect(await listOf('nothing')).toEqual([]);
    });

    it('replaces what is there', async () => {
      await store.put('a/4.bin', Buffer.from('a long text'));
      await store.put('a/4.bin', Buffer.from('short'));
      expect(await read('a/4.bin')).toEqual({ bytes: 5, text: 'short' });
    });

    it('keeps one of several that come at once, as a whole', async () => {
      const texts = Array.from({ length: 10 }, (_, i) => String(i).repeat(100_000 + i));
      await Promise.all(texts.map((content) => store.put('a/5.bin', Buffer.from(content))));
      expect(texts).toContain((await read('a/5.bin'))?.text);
    });

    it('keeps nothing of a stream that breaks off, and what was there before stays', async () => {
      await store.put('a/6.bin', Buffer.from('whole'));
      const before = (await opened.list()).sort();
      for (const key of ['a/6.bin', 'a/7.bin']) {
        const broken = Readable.from(
          (async function* () {
            yield Buffer.alloc(100_000);
            await Promise.resolve();
            throw new Error('broken off');
          })(),
        );
        await expect(store.put(key, broken)).rejects.toThrow('broken off');
      }
      expect((await opened.list()).sort()).toEqual(before);
      expect(await read('a/6.bin')).toEqual({ bytes: 5, text: 'whole' });
      expect(await store.get('a/7.bin')).toBeNull();
    });

    it.each([
      '',
      'a',
      'a.bin',
      '/a/b.bin',
      '../a/b.bin',
      'a/../b.bin',
      'a/../../../etc/passwd',
      'a/./b.bin',
      'a//b.bin',
      'a/.hidden.bin',
      'a/b.bin/',
      'a\\b.bin',
      'a/b\0.bin',
      'a/b.bin\n',
      '.partial/b.bin',
      'a/%2e%2e/b.bin',
      `a/${'x'.repeat(65)}.bin`,
    ])('takes no key such as %j', async (key) => {
      const before = await opened.list();
      await expect(store.put(key, Buffer.from('x'))).rejects.toThrow('no key');
      await expect(store.putFile(key, 'x')).rejects.toThrow('no key');
      await expect(store.get(key)).rejects.toThrow('no key');
      await expect(store.remove(key)).rejects.toThrow('no key');
      expect(await opened.list()).toEqual(before);
    });
  });
}
