import { array, assert, nat, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markedText } from './marked-text.js';

const shown = (text: string, ...matches: [number, number][]) =>
  markedText(
    text,
    matches.map(([start, end]) => ({ start, end })),
  )
    .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    .join('');

describe('markedText', () => {
  it('marks what was found, in characters and not in halves of them', () => {
    expect(shown('🙂 tea 🙂 tea', [2, 5], [8, 11])).toBe('🙂 [tea] 🙂 [tea]');
    expect(shown('喝茶去', [1, 2])).toBe('喝[茶]去');
  });

  it('takes matches that overlap for one', () => expect(shown('abcdef', [1, 4], [2, 5])).toBe('a[bcd][e]f'));

  it('shows the stretch around the first match of a long text', () => {
    const text = shown(`${'x'.repeat(500)}tea${'y'.repeat(500)}`, [500, 503]);
    expect(text).toMatch(/^…x{60}\[tea\]y+…$/);
    expect(text.length).toBeLessThan(260);
  });

  it('says what a short text says, whatever is marked', () => {
    const match = record({ start: nat(60), end: nat(60) });
    assert(
      property(string({ maxLength: 60 }), array(match), (text, matches) => {
        const sorted = matches.filter(({ start, end }) => start < end && start < 60).sort((a, b) => a.start - b.start);
        const parts = markedText(
          text,
          sorted.filter(({ start }) => start <= 80),
        );
        expect(
          parts
            .map((part) => part.text)
            .join('')
            .replace(/^…/, ''),
        ).toBe(text);
      }),
    );
  });
});
