import { describe, expect, it } from 'vitest';
import { phrasesOf } from '../search-query.js';
import { tokensOf } from '../tokens.js';
import { BlockWriter } from './block-writer.js';
import { type Indexed, flagsOf, hitsIn, toWanted } from './block.js';
import { runsOf, termsOf } from './terms.js';

const NONE = { senderId: null, has: null };
const message = (rev: number, text: string, more: Partial<Indexed> = {}): Indexed => ({
  rev,
  text,
  senderId: 'ANN',
  flags: 0,
  at: 1_800_000_000_000 + rev * 1000,
  ...more,
});

const blocksOf = (messages: readonly Indexed[]) => [...new BlockWriter().blocks(messages, '§r1')];
const revsOf = (messages: readonly Indexed[], query: string, more: Partial<Parameters<typeof toWanted>[0]> = {}) =>
  blocksOf(messages).flatMap((block) =>
    hitsIn(block, toWanted({ runs: runsOf(phrasesOf(query)), ...NONE, ...more })).map(({ rev }) => rev),
  );

describe('blocks', () => {
  it.each([
    'The Garden, at last',
    '我在北京大学读书 iPhone',
    'Zoë ｶﾞｽ 𠮷野家 don’t',
    '한글'.normalize('NFD'),
    'x'.repeat(99),
  ])('have the terms of %j, whichever way it is read', (text) => {
    const [{ terms }] = blocksOf([message(1, text)]);
    expect(terms.split(' ').filter(Boolean)).toEqual(['§r1', '§uann', ...termsOf(tokensOf(text))]);
  });

  it('know each message by its terms, sender, time and what it has', () => {
    const messages = [
      message(5, 'one two'),
      message(6, 'two one', { senderId: 'BOB' }),
      message(9, '北京大学 two', { flags: flagsOf.link }),
    ];
    expect(revsOf(messages, 'two')).toEqual([5, 6, 9]);
    expect(revsOf(messages, '"one two"')).toEqual([5]);
    expect(revsOf(messages, '京大')).toEqual([9]);
    expect(revsOf(messages, 'two', { senderId: 'BOB' })).toEqual([6]);
    expect(revsOf(messages, '', { has: 'link' })).toEqual([9]);
    const [block] = blocksOf(messages);
    expect(hitsIn(block, toWanted({ runs: [], ...NONE })).map(({ at }) => at)).toEqual(messages.map(({ at }) => at));
  });

  it('hold a text of which a character stands for six signs', () => {
    const long = message(1, `㌖`.repeat(16_000));
    const blocks = blocksOf([long, message(2, 'last')]);
    const hits = blocks.flatMap((block) => hitsIn(block, toWanted({ runs: [], ...NONE })));
    expect(hits.map(({ rev }) => rev)).toEqual([1, 2]);
    expect(revsOf([long, message(2, 'last')], 'キロ')).toEqual([1]);
    expect(revsOf([long, message(2, 'last')], 'last')).toEqual([2]);
    expect(revsOf([message(1, `${'㌖'.repeat(15_999)}北京`)], '北京')).toEqual([1]);
  });

  it.each([
    ['"a a b"', 'a a a b', true],
    ['"a b a c"', 'a b a b a c', true],
    ['"a a b a a a"', 'a a b a a b a a a', true],
    ['"a b c a b d"', 'a b c a b c a b d', true],
    ['"a b c a b d"', 'a b c a b c a b', false],
    ['"a a b"', 'b a a a', false],
    ['"a b"', 'a c b', false],
  ])('find %s in %j: %s', (query, text, isThere) => {
    expect(revsOf([message(1, text)], query)).toEqual(isThere ? [1] : []);
    // Not across the end of a message.
    expect(revsOf([message(1, `${text} a`), message(2, 'x')], '"a x"')).toEqual([]);
  });

  it('end after sixteen messages, much text, many revs, and many days', () => {
    const many = Array.from({ length: 40 }, (_, i) => message(i + 1, 'a'));
    expect(blocksOf(many).map(({ rev }) => rev)).toEqual([1, 17, 33]);
    expect(blocksOf([message(1, 'a '.repeat(8000)), message(2, '学'.repeat(16_000))])).toHaveLength(2);
    expect(blocksOf([message(1, 'a'), message(256, 'a'), message(257, 'a')]).map(({ rev }) => rev)).toEqual([1, 257]);
    expect(blocksOf([message(1, 'a'), message(2, 'a', { at: 1_900_000_000_000 })])).toHaveLength(2);
    expect(revsOf([message(1, '学校'.repeat(8000)), message(2, 'b')], '校学')).toEqual([1]);
  });
});
