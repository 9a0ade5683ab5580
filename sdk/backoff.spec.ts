import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

describe('Backoff', () => {
  it('doubles its bound from the first to the longest', () => {
    const backoff = new Backoff(500, 30_000, () => 0.999_999);
    const waits = Array.from({ length: 8 }, () => backoff.next());
    expect(waits).toEqual([499, 999, 1999, 3999, 7999, 15_999, 29_999, 29_999]);
  });

  it('spreads over the whole bound', () => {
    const draws = [0, 0.5];
    const backoff = new Backoff(1000, 30_000, () => draws.shift() ?? 0);
    expect([backoff.next(), backoff.next()]).toEqual([0, 1000]);
  });

  it('starts over after a reset, and survives any number of attempts', () => {
    const backoff = new Backoff(500, 30_000, () => 0.5);
    for (let i = 0; i < 5000; i++) expect(backoff.next()).toBeLessThanOrEqual(15_000);
    backoff.reset();
    expect(backoff.next()).toBe(250);
  });
});
