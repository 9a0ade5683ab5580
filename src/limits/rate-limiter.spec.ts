import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limiter.js';

function limiterAt(burst: number, perSecond: number) {
  const clock = { now: 1_000_000 };
  return { clock, limiter: new RateLimiter({ burst, perSecond }, () => clock.now) };
}

describe('RateLimiter', () => {
  it('allows a burst, then as many as come back', () => {
    const { limiter, clock } = limiterAt(3, 2);
    expect([1, 2, 3].map(() => limiter.take('a'))).toEqual([0, 0, 0]);
    expect(limiter.take('a')).toBe(500);
    clock.now += 499;
    expect(limiter.take('a')).toBeGreaterThan(0);
    clock.now += 1;
    expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBe(500);
  });

  it('tells a wait after which a take succeeds', () => {
    const { limiter, clock } = limiterAt(1, 3);
    limiter.take('a');
    clock.now += limiter.take('a');
    expect(limiter.take('a')).toBe(0);
  });

  it('saves up no more than the burst', () => {
    const { limiter, clock } = limiterAt(2, 10);
    clock.now += 3_600_000;
    expect(limiter.left('a')).toBe(2);
    expect([1, 2].map(() => limiter.take('a'))).toEqual([0, 0]);
    expect(limiter.take('a')).toBeGreaterThan(0);
  });

  it('counts every key by itself', () => {
    const { limiter } = limiterAt(1, 1);
    expect(limiter.take('a')).toBe(0);
    expect(limiter.take('b')).toBe(0);
    expect(limiter.take('a')).toBeGreaterThan(0);
  });

  it('gives nothing when the clock steps back', () => {
    const { limiter, clock } = limiterAt(1, 1);
    limiter.take('a');
    clock.now -= 3_600_000;
    expect(limiter.take('a')).toBe(1000);
    clock.now += 1000;
    expect(limiter.take('a')).toBe(0);
  });

  it('forgets those that were not used for longest, so a flood of keys does not free the one behind it', () => {
    const { limiter } = limiterAt(1, 0.000_001);
    limiter.take('flood');
    for (let i = 0; i < 60_000; i++) {
      limiter.take(`key ${i}`);
      if (i % 1000 === 0) expect(limiter.take('flood')).toBeGreaterThan(0);
    }
    expect(limiter.take('key 0')).toBe(0);
  });
});
