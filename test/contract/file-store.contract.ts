import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
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
      await expect(store.get(key)).rejects.toThrow('no key');
      await expect(store.remove(key)).rejects.toThrow('no key');
      expect(await opened.list()).toEqual(before);
    });
  });
}
