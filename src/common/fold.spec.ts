import { describe, expect, it } from 'vitest';
import { afterPrefix, fold } from './fold.js';

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
