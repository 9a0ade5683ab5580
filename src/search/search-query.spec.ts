import { describe, expect, it } from 'vitest';
import { runsOf, termsOf } from './index/terms.js';
import { phrasesOf, stretchesOf } from './search-query.js';
import { tokensOf } from './tokens.js';

describe('what the index is asked for', () => {
  it.each([
    ['garden house', [['garden'], ['house']]],
    ['"garden house"', [['garden', 'house']]],
    ["don't", [['don', 't']]],
    ['北京大学', [['北京', '京大', '大学']]],
    ['iphone手机', [['iphone', '手机']]],
    ['"手机 iphone"', [['手机', 'iphone']]],
    ['"北京 大学"', [['北京'], ['大学']]],
    ['"hello 我 world"', [['hello'], ['world']]],
    ['我 学校', [['学校']]],
    ['我', []],
    ['"', []],
    ['x'.repeat(50), [['x'.repeat(40)]]],
  ])('by %s', (query, runs) => {
    expect(runsOf(phrasesOf(query))).toEqual(runs);
  });
});

/** Small worlds, in which everything happens to stand beside everything. */
const PARTS = ['a', 'b', 'ab', '我', '们', '学', 'é', ' ', ' ', ', ', '"', '学校', 'x-y', '𠮷', '가'];

function randomText(random: () => number, most: number): string {
  return Array.from({ length: 1 + Math.floor(random() * most) }, () => PARTS[Math.floor(random() * PARTS.length)]).join(
    '',
  );
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) / 2_147_483_647;
}

const holds = (terms: readonly string[], run: readonly string[]): boolean =>
  terms.some((_, at) => run.every((term, i) => terms[at + i] === term));

describe('a text that matches', () => {
  it('has the terms of each run next to each other, so the index never lacks a match', () => {
    const random = randomOf(42);
    let matching = 0;
    for (let round = 0; round < 20_000; round++) {
      const [text, query] = [randomText(random, 12), randomText(random, 4)];
      const phrases = phrasesOf(query);
      if (phrases.length === 0 || stretchesOf(text, phrases) === null) continue;
      matching++;
      const terms = [...termsOf(tokensOf(text))];
      const lacking = runsOf(phrases).filter((run) => !holds(terms, run));
      expect([text, query, lacking]).toEqual([text, query, []]);
    }
    expect(matching).toBeGreaterThan(500);
  });

  it('is told of in code points, without overlaps', () => {
    expect(stretchesOf('😀 aa a', phrasesOf('a aa'))).toEqual([
      { start: 2, end: 4 },
      { start: 5, end: 6 },
    ]);
    expect(stretchesOf('学学学', phrasesOf('学学'))).toEqual([{ start: 0, end: 3 }]);
  });
});
