import { describe, expect, it } from 'vitest';
import { parseRange } from './byte-range.js';

const part = (first: number, last: number) => ({ first, last });

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-9', part(0, 9)],
    ['bytes=0-10', part(0, 9)],
    ['bytes=2-5', part(2, 5)],
    ['bytes=9-', part(9, 9)],
    ['bytes=-1', part(9, 9)],
    ['bytes=-10', part(0, 9)],
    ['bytes=-11', part(0, 9)],
    ['BYTES= 2 - 5 ', part(2, 5)],
    [`bytes=0-${'9'.repeat(400)}`, part(0, 9)],
    ['bytes=10-', 'none'],
    ['bytes=10-20', 'none'],
    [`bytes=${'9'.repeat(400)}-`, 'none'],
    ['bytes=-0', 'none'],
    ['bytes=5-2', null],
    ['bytes=-', null],
    ['bytes=', null],
    ['bytes=0-1,3-4', null],
    ['bytes=a-b', null],
    ['bytes=0x1-2', null],
    ['bytes=-1-2', null],
    ['lines=0-1', null],
    ['', null],
    [undefined, null],
  ])('reads %j', (header, expected) => expect(parseRange(header, 10)).toEqual(expected));

  it('finds no part in an empty file', () => {
    for (const header of ['bytes=0-', 'bytes=-1', 'bytes=0-0']) expect(parseRange(header, 0)).toBe('none');
  });
});
