import { describe, expect, it } from 'vitest';
import { isUlid, ulidSource } from './ulid.js';

/** The same bytes each time. */
const fixed = (byte: number) => (bytes: Uint8Array) => void bytes.fill(byte);
const strong = (bytes: Uint8Array) => void crypto.getRandomValues(bytes);

const timeOf = (id: string): number =>
  [...id].slice(0, 10).reduce((time, digit) => time * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(digit), 0);

const isRising = (ids: readonly string[]): boolean => ids.every((id, i) => i === 0 || ids[i - 1] < id);

describe('ulidSource', () => {
  it('makes canonical ULIDs that tell their time', () => {
    // The example of the specification: 1469922850259 is 01ARZ3NDEK… in it.
    const next = ulidSource(() => 1_469_922_850_259, strong);
    expect(next().slice(0, 10)).toBe('01ARZ3NDEK');
    expect(isUlid(next())).toBe(true);
    expect(timeOf(next())).toBe(1_469_922_850_259);
  });

  it('reaches from the first to the last millisecond that a ULID can tell', () => {
    expect(ulidSource(() => 0, fixed(0))()).toBe('00000000000000000000000000');
    const last = ulidSource(() => 2 ** 48 - 1, fixed(255))();
    expect(last.slice(0, 10)).toBe('7ZZZZZZZZZ');
    expect(isUlid(last)).toBe(true);
  });

  it('rises within one millisecond, whatever the random bytes are', () => {
    for (const byte of [0, 31, 255]) {
      const next = ulidSource(() => 1000, fixed(byte));
      const ids = Array.from({ length: 5000 }, next);
      expect(isRising(ids)).toBe(true);
      expect(ids.every(isUlid)).toBe(true);
      expect(new Set(ids.map(timeOf))).toEqual(new Set([1000]));
    }
  });

  it('carries over from digit to digit', () => {
    const next = ulidSource(
      () => 1000,
      (bytes) => bytes.fill(31, 1),
    );
    expect(next().slice(10)).toBe('0ZZZZZZZZZZZZZZZ');
    expect(next().slice(10)).toBe('1000000000000000');
  });

  it('rises when the clock steps back, and goes on with the clock when that has caught up', () => {
    const times = [5000, 4000, 1, 5000, 5001];
    let at = 0;
    const next = ulidSource(() => times[at++], strong);
    const ids = times.map(() => next());
    expect(isRising(ids)).toBe(true);
    expect(ids.map(timeOf)).toEqual([5000, 5000, 5000, 5000, 5001]);
  });

  it('takes fresh randomness for each millisecond', () => {
    let now = 1000;
    const next = ulidSource(() => now++, strong);
    const tails = Array.from({ length: 200 }, () => next().slice(10));
    expect(new Set(tails).size).toBe(200);
    expect(isRising(tails)).toBe(false);
  });

  it('gives two sources different ids at the same moment', () => {
    const [a, b] = [ulidSource(() => 1000, strong), ulidSource(() => 1000, strong)];
    const ids = new Set(Array.from({ length: 1000 }, () => [a(), b()]).flat());
    expect(ids.size).toBe(2000);
  });
});

describe('isUlid', () => {
  it.each(['01ARZ3NDEKTSV4RRFFQ69G5FAV', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ', '00000000000000000000000000'])(
    'takes %s',
    (id) => {
      expect(isUlid(id)).toBe(true);
    },
  );

  it.each([
    '01arz3ndektsv4rrffq69g5fav',
    '8ZZZZZZZZZZZZZZZZZZZZZZZZZ',
    '01ARZ3NDEKTSV4RRFFQ69G5FA',
    '01ARZ3NDEKTSV4RRFFQ69G5FAVX',
    '01ARZ3NDEKTSV4RRFFQ69G5FAI',
    '01ARZ3NDEKTSV4RRFFQ69G5FAL',
    '01ARZ3NDEKTSV4RRFFQ69G5FAO',
    '01ARZ3NDEKTSV4RRFFQ69G5FAU',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
    ' 01ARZ3NDEKTSV4RRFFQ69G5FA',
    '',
    null,
    undefined,
    7,
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ])('refuses %j', (id) => {
    expect(isUlid(id)).toBe(false);
  });
});
