import { describe, expect, it } from 'vitest';
import { ChatError } from '../common/chat-error.js';
import { makeGuestNames, requireUsername } from './user-names.js';

/** The code of the fault, or the key of a name that is accepted. */
function verdict(username: string): string {
  try {
    return `key ${requireUsername(username)}`;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    expect(error.code).toBe('VALIDATION_FAILED');
    expect(error.errors?.map(({ path }) => path)).toEqual(['username']);
    if (username !== '') expect(JSON.stringify(error.errors)).not.toContain(username);
    return error.errors?.[0].code ?? '';
  }
}

describe('requireUsername', () => {
  it.each([
    ['Ann', 'ann'],
    ['a.b_c-d', 'a.b_c-d'],
    ['123', '123'],
    ['ＡＮＮ', 'ann'],
    ['Zoë', 'zoë'],
    ['Zoe\u0308', 'zoë'],
    ['Nguyễn', 'nguyễn'],
    ['Иван', 'иван'],
    ['Հայկ', 'հայկ'],
    ['محمد', 'محمد'],
    ['देवी', 'देवी'],
    ['สมชาย', 'สมชาย'],
    ['王小明', '王小明'],
    ['山田たろう', '山田たろう'],
    ['ラーメン', 'ラーメン'],
    ['김철수', '김철수'],
    ['𠮷野家', '𠮷野家'],
    ['a'.repeat(32), 'a'.repeat(32)],
    ['𠮷'.repeat(32), '𠮷'.repeat(32)],
  ])('accepts %s', (username, key) => {
    expect(verdict(username)).toBe(`key ${key}`);
  });

  it.each([
    ['two characters', 'ab'],
    ['33 characters', 'a'.repeat(33)],
    ['33 characters after NFKC', `${'a'.repeat(31)}ǆ`],
    ['nothing', ''],
    ['a space', 'an n'],
    ['an at sign', 'an@n'],
    ['a wide at sign', 'an＠n'],
    ['a slash', 'an/n'],
    ['an emoji', 'ann🐙'],
    ['a zero-width space', 'an\u200bn'],
    ['a turn of direction', 'an\u202en'],
    ['a NUL', 'an\0n'],
    ['a dot first', '.ann'],
    ['a mark first', '\u0301ann'],
  ])('refuses %s', (_, username) => {
    expect(verdict(username)).toBe('username');
  });

  it.each([
    ['Latin and Cyrillic', 'аnn'],
    ['Latin and Greek', 'αnn'],
    ['Latin and Armenian', 'aԱnn'],
    ['Latin and Georgian', 'annა'],
    ['Latin and Han', 'ann王'],
    ['Hangul and Hiragana', '김たろ'],
    ['Latin letters with a Devanagari mark', 'a\u093enn'],
    ['Latin letters with Arabic digits', 'ann١٢'],
    ['a script out of everyday use', 'ᎠᎡᎢ'],
  ])('refuses a mixture: %s', (_, username) => {
    expect(verdict(username)).toBe('username');
  });

  const lookAlikes =
    'admin ADMIN Ａdmin a.d-m_i_n 4dm1n admln ádmin adrnin aclmin admın ɑdmin ᴀᴅᴍɪɴ system SYSTEM syst3m 5ystem parley ' +
    'par.ley par1ey r00t everyone aII support moderator';
  it.each(lookAlikes.split(' '))('refuses %s as reserved or a look-alike', (username) => {
    expect(verdict(username)).toBe('reserved');
  });

  it.each(['admiral', 'systems', 'rooted', 'allan', 'parleyfan', 'hereford', 'bernard', 'claire'])(
    'leaves %s alone',
    (username) => {
      expect(verdict(username)).toBe(`key ${username}`);
    },
  );
});

describe('makeGuestNames', () => {
  it('makes user names that are allowed and differ', () => {
    const made = Array.from({ length: 200 }, makeGuestNames);
    expect(new Set(made.map(({ username }) => username)).size).toBe(200);
    for (const { username, displayName } of made) {
      expect(verdict(username)).toBe(`key ${username}`);
      expect(displayName).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    }
  });
});
