import { describe, expect, it } from 'vitest';
import { contentDisposition } from './content-disposition.js';

describe('contentDisposition', () => {
  it.each([
    ['a.png', `inline; filename="a.png"; filename*=UTF-8''a.png`],
    ['Grüße (2).txt', `inline; filename="Gru_e (2).txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%282%29.txt`],
    ['写真😀.jpg', `inline; filename="___.jpg"; filename*=UTF-8''%E5%86%99%E7%9C%9F%F0%9F%98%80.jpg`],
    [`a"b\\c%41'.txt`, `inline; filename="a_b_c_41'.txt"; filename*=UTF-8''a%22b%5Cc%2541%27.txt`],
  ])('names %j', (name, expected) => expect(contentDisposition('inline', name)).toBe(expected));

  it('says that a file is to be saved', () => {
    expect(contentDisposition('attachment', 'a')).toMatch(/^attachment; /);
  });
});
