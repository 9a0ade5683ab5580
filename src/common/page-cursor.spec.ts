import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, toPage } from './page-cursor.js';

describe('page cursor', () => {
  it('gives back what it was made of', () => {
    expect(decodeCursor(encodeCursor(['é', 7]), ['string', 'number'])).toEqual(['é', 7]);
  });

  it('takes ids only where a list is in the order of ids', () => {
    const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
    expect(decodeCursor(encodeCursor([id]), ['ulid'])).toEqual([id]);
    for (const other of ['', 'é', id.toLowerCase(), `${id}0`, 7, '\ud800']) {
      expect(() => decodeCursor(encodeCursor([other]), ['ulid'])).toThrow(
        expect.objectContaining({ code: 'VALIDATION_FAILED' }),
      );
    }
  });

  it('refuses text that is not valid Unicode', () => {
    expect(() => decodeCursor(encodeCursor(['\ud800']), ['string'])).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
  });

  it.each(['', 'x', '%%%', encodeCursor([7, 'a']), encodeCursor(['a']), encodeCursor(['a', 1.5]), 'A'.repeat(2000)])(
    'refuses %j',
    (text) => {
      expect(() => decodeCursor(text, ['string', 'number'])).toThrow(
        expect.objectContaining({ code: 'VALIDATION_FAILED' }),
      );
    },
  );
});

describe('toPage', () => {
  it('has a next page only when a row more than asked for was read', () => {
    expect(toPage([1, 2, 3], 2, String)).toEqual({ items: [1, 2], next: '2' });
    expect(toPage([1, 2], 2, String)).toEqual({ items: [1, 2], next: null });
    expect(toPage([], 2, String)).toEqual({ items: [], next: null });
  });
});
