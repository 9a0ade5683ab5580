import { randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ulidSource } from '../protocol/ulid.js';
import { RecentSends } from './recent-sends.js';

const newId = ulidSource(Date.now, randomFillSync);
/** Ids of one millisecond rise by one; these are as far apart as those of different clients. */
const randomId = () => ulidSource(Date.now, randomFillSync)();
const some = (count: number, make: () => string) => Array.from({ length: count }, make);

describe('RecentSends', () => {
  it('remembers what was added, ids that follow one another too', () => {
    const recent = new RecentSends();
    const ids = [...some(1000, newId), ...some(1000, randomId)];
    for (const id of ids) recent.add(id);
    // A few have taken one another's place.
    expect(ids.filter((id) => recent.has(id)).length).toBeGreaterThan(1900);
    expect(recent.has(ids[ids.length - 1])).toBe(true);
  });

  it('does not take others for them, when it is full either', () => {
    const recent = new RecentSends();
    for (const id of some(200_000, newId)) recent.add(id);
    expect(some(200_000, newId).filter((id) => recent.has(id))).toEqual([]);
    expect(some(50_000, randomId).filter((id) => recent.has(id))).toEqual([]);
  });
});
