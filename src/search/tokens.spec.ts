import { describe, expect, it } from 'vitest';
import { type Token, tokensOf } from './tokens.js';

const shown = (text: string) => tokensOf(text).map(({ text: folded, isSign }) => (isSign ? `<${folded}>` : folded));
const sourceOf = (text: string, { start, end }: Token) => text.slice(start, end);

describe('tokensOf', () => {
  it.each([
    ['Hello, World!', ['hello', 'world']],
    ['snake_case and kebab-case', ['snake', 'case', 'and', 'kebab', 'case']],
    ['Ünï Straße ŁÓDŹ', ['uni', 'strasse', 'lodz']],
    ['U\u0308n\u0131', ['uni']],
    ['ﬁne ½', ['fine', '1', '2']],
    ['大学ab', ['<大>', '<学>', 'ab']],
    ['ｶﾞｽ コーヒー', ['<ガ>', '<ス>', '<コ>', '<ー>', '<ヒ>', '<ー>']],
    ['한글'.normalize('NFD'), ['<한>', '<글>']],
    ['ㅋㅋ', ['<ㅋ>', '<ㅋ>'].map((sign) => sign.normalize('NFKC'))],
    ['𠮷野家', ['<𠮷>', '<野>', '<家>']],
    ['wa\u00adter zero\u200dwidth', ['water', 'zerowidth']],
    ['देवी', ['देवी']],
    ['1️⃣ 😀 👩‍👩‍👧 §r1', ['1', 'r1']],
    ['', []],
  ])('%j', (text, tokens) => {
    expect(shown(text)).toEqual(tokens);
  });

  it('says where each stands, also where one character becomes several', () => {
    const text = 'Ünï ½ (大)学 ｶﾞｽ';
    expect(tokensOf(text).map((token) => sourceOf(text, token))).toEqual(['Ünï', '½', '½', '大', '学', 'ｶﾞ', 'ｽ']);
    const apart = 'Cafe\u0301!';
    expect(tokensOf(apart).map((token) => sourceOf(apart, token))).toEqual(['Cafe\u0301']);
  });

  it('says what is written together', () => {
    expect(tokensOf('大学 生活').map(({ follows }) => follows)).toEqual([false, true, false, true]);
  });

  it('folds a character alone as it does beside one that needs more', () => {
    for (let unit = 0; unit < 0xd800; unit++) {
      const character = String.fromCharCode(unit);
      // A character from beyond 16 bits makes the whole text be taken apart in the other way.
      const [alone, beside] = [shown(`${character} `), shown(`${character} 𠮷`).slice(0, -1)];
      expect([unit, alone]).toEqual([unit, beside]);
    }
  });
});
