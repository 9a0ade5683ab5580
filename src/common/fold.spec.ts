import { describe, expect, it } from 'vitest';
import { afterPrefix, fold, foldForSearch } from './fold.js';

describe('fold', () => {
  it.each([
    ['Ann', 'ann'],
    ['ＡＮＮ', 'ann'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['Νίκος', fold('ΝΊΚΟΣ')],
    ['  two \u00a0 words ', 'two words'],
    ['é', 'e\u0301'.normalize('NFKC')],
    ['李梅', '李梅'],
  ])('%s', (text, key) => {
    expect(fold(text)).toBe(key);
  });

  it('cuts long names without cutting a character in two', () => {
    expect(fold('🙂'.repeat(200))).toBe('🙂'.repeat(95));
    expect(fold('x'.repeat(500))).toHaveLength(191);
  });

  it('is stable: folding twice changes nothing', () => {
    for (const text of ['İstanbul', 'ǅ', 'ﬃ', 'ΐ', 'ŉ', 'ẞ']) expect(fold(fold(text))).toBe(fold(text));
  });

  it('ends a range behind everything that begins with the prefix', () => {
    const keys = ['ann', 'anna', 'ann🙂', 'ann\u{10FFFE}'];
    for (const key of keys) expect(Buffer.compare(Buffer.from(key), Buffer.from(afterPrefix('ann')))).toBe(-1);
    expect(Buffer.compare(Buffer.from('ano'), Buffer.from(afterPrefix('ann')))).toBe(1);
  });
});

describe('foldForSearch', () => {
  it.each([
    ['Zo\u00eb', 'zoe'],
    ['Zoe\u0308', 'zoe'],
    ['Nguy\u1ec5n \u0110\u1ee9c', 'nguyen duc'],
    ['S\u00f8ren', 'soren'],
    ['\u0141ukasz', 'lukasz'],
    ['\u00c6gir', 'aegir'],
    ['\u0130stanbul', 'istanbul'],
    ['\u03a3\u03c9\u03ba\u03c1\u03ac\u03c4\u03b7\u03c2', '\u03c3\u03c9\u03ba\u03c1\u03b1\u03c4\u03b7\u03c3'],
    ['\u674e\u5c0f\u9f99', '\u674e\u5c0f\u9f99'],
    ['\u304c', '\u304c'],
    ['\u0926\u0947\u0935\u0940', '\u0926\u0947\u0935\u0940'],
    ['\uae40\ucca0\uc218', '\uae40\ucca0\uc218'],
    ['\u0301', ''],
  ])('%s', (text, key) => {
    expect(foldForSearch(text)).toBe(key);
    expect(foldForSearch(key)).toBe(key);
  });
});
