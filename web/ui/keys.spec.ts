import { describe, expect, it } from 'vitest';
import { isComposing } from './keys.js';

describe('a key', () => {
  it.each([
    ['within a word that is composed', { isComposing: true, keyCode: 13 }, true],
    ['that ends such a word in Safari', { isComposing: false, keyCode: 229 }, true],
    ['of its own', { isComposing: false, keyCode: 13 }, false],
  ])('%s', (_, event, expected) => expect(isComposing(event as KeyboardEvent)).toBe(expected));
});
