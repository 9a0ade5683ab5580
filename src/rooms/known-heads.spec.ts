import { describe, expect, it } from 'vitest';
import { KnownHeads } from './known-heads.js';
import { RoomHead, type RoomHeadRow } from './room-head.js';

const rowOf = (headRev: number, id = 'room'): RoomHeadRow => ({
  id,
  kind: 'group',
  visibility: 'private',
  headRev,
  headSeq: headRev,
  headAt: 1,
  memberRev: 1,
  memberCount: 2,
  archivedAt: null,
  settings: '{}',
});

/** A change of this node: reads the head or takes it as known, moves it and commits. */
function change(known: KnownHeads, before: RoomHeadRow): RoomHeadRow {
  const [taken] = known.take([before.id]) ?? [];
  if (!taken) known.see(before);
  const head = new RoomHead(taken ?? before, 2, taken !== undefined);
  head.headRev++;
  known.leave(head);
  return head.toRow();
}

describe('KnownHeads', () => {
  it('knows a room that this node has changed, as it left it', () => {
    const known = new KnownHeads();
    expect(known.take(['room'])).toBeNull();
    const left = change(known, rowOf(5));
    expect(known.take(['room'])).toEqual([{ ...left, headRev: 6, headAt: 2 }]);
  });

  it('knows all of the rooms or none, and does not use up those that it knows', () => {
    const known = new KnownHeads();
    change(known, rowOf(5));
    expect(known.take(['room', 'other'])).toBeNull();
    expect(known.take(['room'])).toHaveLength(1);
  });

  it('gives a head once, until it is left again: who found it wrong asks', () => {
    const known = new KnownHeads();
    const left = change(known, rowOf(5));
    expect(known.take(['room'])).toHaveLength(1);
    expect(known.take(['room'])).toBeNull();
    change(known, left);
    expect(known.take(['room'])).toHaveLength(1);
  });

  it('asks after a change of members', () => {
    const known = new KnownHeads();
    const head = new RoomHead(change(known, rowOf(5)), 2);
    head.headRev++;
    head.touchMembers();
    known.leave(head);
    expect(known.take(['room'])).toBeNull();
  });

  it('asks twice as often each time that another node has written', () => {
    const known = new KnownHeads();
    let row = change(known, rowOf(5));
    for (const needed of [2, 4, 8]) {
      // What is taken turns out to be wrong, so the next attempt reads what the other node has left.
      expect(known.take(['room'])).toHaveLength(1);
      row = change(known, { ...row, headRev: row.headRev + 1 });
      for (let own = 1; own < needed; own++) {
        expect(known.take(['room'])).toBeNull();
        row = change(known, row);
      }
    }
  });

  it('keeps the newest of two that are left out of order', () => {
    const known = new KnownHeads();
    const [earlier, later] = [new RoomHead(rowOf(5), 1), new RoomHead(rowOf(6), 1)];
    for (const head of [earlier, later]) head.headRev++;
    known.leave(later);
    known.leave(earlier);
    expect(known.take(['room'])).toMatchObject([{ headRev: 7 }]);
  });
});
