import { describe, expect, it } from 'vitest';
import { emojiOf } from './emoji.js';

describe('emojiOf', () => {
  it.each(['👍', '👍🏽', '❤️', '👨‍👩‍👧', '🇩🇪', '1️⃣', '🏴‍☠️'])('takes %s as it is', (emoji) => {
    expect(emojiOf(emoji)).toBe(emoji);
  });

  it('takes one without its variation selector for the same', () => {
    expect(emojiOf('❤')).toBe(emojiOf('❤️'));
  });

  it.each(['', 'a', '1', '👍👍', '👍 ', ':+1:', '\u200d', '好', '\ufe0f'])('takes %j for none', (text) => {
    expect(emojiOf(text)).toBeNull();
  });
});
