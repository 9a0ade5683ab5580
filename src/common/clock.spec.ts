import { assert, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTime } from './clock.js';

describe('toTime', () => {
  it('is what Date makes of it, whatever was asked for before', () => {
    const time = integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    const near = tuple(time, integer({ min: -7_200_000, max: 7_200_000 }));
    assert(
      property(near, ([ms, step]) => {
        for (const at of [ms, Math.min(Math.max(ms + step, -8.64e15), 8.64e15), ms]) {
          expect(toTime(at)).toBe(new Date(at).toISOString());
        }
      }),
    );
  });

  it.each([0, -1, 1, 59_999, 60_000, 3_599_999, 3_600_000, 951_782_399_999, 253_402_300_799_999, 253_402_300_800_000])(
    'holds at %d',
    (ms) => expect(toTime(ms)).toBe(new Date(ms).toISOString()),
  );
});
