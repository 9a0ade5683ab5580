import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { itemsOf, jsonLines, jsonList, zipOf } from './archive.js';

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

const NOW = new Date(1_790_000_000_000);

describe('zipOf', () => {
  it('is a ZIP with every file', async () => {
    const files = ['a.json', 'b/c.txt'].map((name) => ({ name, read: () => of(`in ${name}`) }));
    const zip = await buffer(zipOf(files, NOW));
    expect(zip.subarray(0, 4)).toEqual(Buffer.from('PK\x03\x04'));
    expect(zip.includes('a.json') && zip.includes('b/c.txt')).toBe(true);
  });

  it('opens a file when its turn has come, and reads no further than it is read', async () => {
    let given = 0;
    const endless = async function* () {
      for (;;) {
        given++;
        // Nothing that could be packed into less.
        yield await Promise.resolve(Buffer.from(Array.from({ length: 16_384 }, () => Math.random() * 256)));
      }
    };
    let ended = false;
    const first = async function* () {
      try {
        yield* endless();
      } finally {
        ended = true;
      }
    };
    let isOpen = false;
    const second = () => {
      isOpen = true;
      return of('x');
    };
    const zip = zipOf(
      [
        { name: 'first', read: first },
        { name: 'second', read: second },
      ],
      NOW,
    );
    await new Promise<void>((resolve) => zip.once('data', () => resolve()));
    zip.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const stood = given;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([given, given < 40, isOpen]).toEqual([stood, true, false]);
    zip.destroy();
    await expect.poll(() => ended).toBe(true);
  });

  it('breaks off where a file fails', async () => {
    const failing = async function* () {
      yield await Promise.resolve('x');
      throw new Error('no more');
    };
    await expect(buffer(zipOf([{ name: 'a', read: failing }], NOW))).rejects.toThrow('no more');
  });
});

describe('lists in an archive', () => {
  it('are JSON, each item on a line', async () => {
    expect(await textOf(jsonList(of()))).toBe('[]\n');
    expect(JSON.parse(await textOf(jsonList(of({ a: 1 }, { b: '\n' }))))).toEqual([{ a: 1 }, { b: '\n' }]);
    expect(await textOf(jsonLines(of({ a: 1 }, { b: '\n' })))).toBe('{"a":1}\n{"b":"\\n"}\n');
  });

  it('are read page after page', async () => {
    const pages: Record<string, { items: number[]; next: string | null }> = {
      '': { items: [1, 2], next: 'a' },
      a: { items: [], next: 'b' },
      b: { items: [3], next: null },
    };
    const items: number[] = [];
    for await (const item of itemsOf((cursor) => Promise.resolve(pages[cursor ?? '']))) items.push(item);
    expect(items).toEqual([1, 2, 3]);
  });
});
