import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { phrasesOf } from '../search-query.js';
import { BlockWriter, roomTerm } from './block-writer.js';
import type { Indexed } from './block.js';
import { IndexFile, blockIdOf } from './index-file.js';
import { IndexSearch, type Search } from './index-search.js';
import { runsOf } from './terms.js';

const ROOM = { no: 1, id: 'ROOM' };
/** Seen by nobody: the words of the phrase below are all there, and nowhere in its order. */
const IN_VAIN = `b ${'a '.repeat(7999)}`;
const PHRASE = `"${'a '.repeat(90)}b"`;
const timeOf = (rev: number): number => 1_800_000_000_000 + rev * 1000;

function indexOf(texts: readonly string[]): IndexFile {
  const folder = mkdtempSync(join(tmpdir(), 'parley-index-'));
  const file = new IndexFile(join(folder, 'search.db'), 'EPOCH');
  onTestFinished(() => {
    file.close();
    rmSync(folder, { recursive: true });
  });
  const messages = texts.map((text, i): Indexed => ({ rev: i + 1, senderId: null, text, flags: 0, at: timeOf(i + 1) }));
  file.write(() => {
    for (const { rev, at, terms, messages: known } of new BlockWriter().blocks(messages, roomTerm(ROOM.no))) {
      file.run('INSERT INTO texts (rowid, terms) VALUES (?, ?)', blockIdOf(ROOM.no, rev), terms);
      file.run('INSERT INTO blocks (id, at, messages) VALUES (?, ?, ?)', blockIdOf(ROOM.no, rev), at, known);
    }
  });
  return file;
}

function searchOf(revs: number, query: string, below: Search['below']): Search {
  const rooms = [{ state: { ...ROOM, rev: revs, at: timeOf(revs) }, from: 1, before: revs + 1 }];
  const runs = runsOf(phrasesOf(query));
  return { rooms, runs, senderId: null, has: null, since: 0, until: Infinity, below, limit: 20 };
}

describe('a search in long messages', () => {
  it('stops when it has looked through so much, and goes on from there to the end without a hit too many or few', () => {
    const revs = 1600;
    const hits = [1, 2, 900, 1599];
    const texts = Array.from({ length: revs }, (_, i) => (hits.includes(i + 1) ? 'a '.repeat(95) + 'b' : IN_VAIN));
    const file = indexOf(texts);
    const found: number[] = [];
    const ends: number[] = [];
    let below: Search['below'] = null;
    do {
      const part = new IndexSearch(file, searchOf(revs, PHRASE, below)).find();
      found.push(...part.hits.map(({ rev }) => rev));
      if (part.end) ends.push(part.end.rev);
      below = part.end;
    } while (below);
    expect(found).toEqual([...hits].reverse());
    // Ten million codes are 1,250 such messages.
    expect(ends.length).toBe(1);
    expect(ends[0]).toBeGreaterThan(340);
  });
});
