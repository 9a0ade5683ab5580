import { describe, expect, it } from 'vitest';
import type { RoomState } from '../../sdk/room-state.js';
import { countOf, isAbove, isMuted } from './room-standing.js';

const room = (view: object): RoomState =>
  ({ unread: 5, mentions: 2, view: { notify: 'all', mutedUntil: null, ...view } }) as RoomState;
const after = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('what somebody wants to be told of a room', () => {
  it('is everything, what mentions him, or nothing', () => {
    expect(countOf(room({}))).toBe(5);
    expect(countOf(room({ notify: 'mentions' }))).toBe(2);
    expect(countOf(room({ notify: 'none' }))).toBe(0);
  });

  it('is nothing while the room is silenced, and again what it was behind the end of that', () => {
    expect(countOf(room({ mutedUntil: after(60_000) }))).toBe(0);
    expect(countOf(room({ mutedUntil: after(-1) }))).toBe(5);
    expect(isMuted({ mutedUntil: null })).toBe(false);
  });
});

describe('who stands above whom', () => {
  it('is told by the roles alone', () => {
    expect(isAbove('owner', 'admin')).toBe(true);
    expect(isAbove('admin', 'member')).toBe(true);
    expect(isAbove('admin', 'admin')).toBe(false);
    expect(isAbove('member', 'owner')).toBe(false);
  });
});
