import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from './json.js';

describe('jsonText', () => {
  it('is what JSON.stringify makes of it', () => {
    const isSame = (text: string) => jsonText(text) === JSON.stringify(text);
    expect(() => assert(property(string({ unit: 'binary' }), isSame))).not.toThrow();
  });

  it.each(['', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u2028', '\ud800', '\udfff!', '😀', '你好', 'plain'])(
    'holds for %j',
    (text) => expect(jsonText(text)).toBe(JSON.stringify(text)),
  );
});
