import { assert, double, integer, oneof, property, string } from 'fast-check';
import { escape } from 'mysql2';
import { describe, expect, it } from 'vitest';
import { filled, literal } from './literals.js';

describe('literal', () => {
  const isSame = (value: string | number | boolean | null) => literal(value) === escape(value, false, 'Z');

  it('is what the driver makes of it', () => {
    const value = oneof(string({ unit: 'binary' }), string(), integer(), double({ noNaN: true }));
    expect(() => assert(property(value, isSame))).not.toThrow();
  });

  it.each([
    '',
    "it's",
    'a\\',
    '"',
    '\0',
    '\b',
    '\t',
    '\n',
    '\r',
    '\u001a',
    '\u007f',
    '你好',
    '😀',
    '\ud800',
    true,
    null,
  ])('holds for %j', (value) => expect(isSame(value)).toBe(true));
});

describe('filled', () => {
  it('puts values in their places, and takes no ? of a value for one', () => {
    expect(filled('a = ? AND b = ?', ['?', "o'clock"])).toBe("a = '?' AND b = 'o\\'clock'");
  });

  it('refuses another number of values', () => {
    expect(() => filled('a = ?', [1, 2])).toThrow();
    expect(() => filled('a = 1', [1])).toThrow();
  });
});
