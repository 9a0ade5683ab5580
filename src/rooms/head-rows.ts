import { ChangedMeanwhile } from '../database/errors.js';
import { tuples } from '../database/literals.js';
import type { Tx } from '../database/tx.js';
import type { RoomHead } from './room-head.js';

const UPDATE =
  'UPDATE rooms SET headRev = ?, headSeq = ?, headAt = ?, memberRev = ?, memberCount = ? ' +
  'WHERE id = ? AND headRev = ? AND memberRev = ?';

/**
 * All rooms in one statement (3.4 µs a room against 10.9 for an UPDATE each, measured). The rows exist, so the insert
 * never happens; but columns without a default must be named, and two of them carry what is expected: `floorRev` the rev,
 * `createdAt` the `memberRev`. Where the room has another one, the product is out of range, which is an error in every SQL mode.
 */
const UPSERT =
  'INSERT INTO rooms (id, kind, visibility, headRev, headSeq, headAt, memberRev, memberCount, floorRev, settings, ' +
  'createdAt) VALUES ';
const CHECKED =
  ' ON DUPLICATE KEY UPDATE headRev = IF(headRev = VALUES(floorRev) AND memberRev = VALUES(createdAt), VALUES(headRev), ' +
  '18446744073709551615 * (headRev + 2)), headSeq = VALUES(headSeq), headAt = VALUES(headAt), memberRev = VALUES(memberRev), ' +
  'memberCount = VALUES(memberCount)';

/**
 * Moves rooms to where their heads stand now, each only from where it was read: locks them, in the order given, and
 * makes the unit of work begin anew where one has moved meanwhile. On MySQL that may show at the commit.
 */
export async function saveHeads(tx: Tx, heads: readonly RoomHead[]): Promise<void> {
  if (heads.length === 0) return;
  if (!tx.isSqlite) {
    const text = UPSERT + tuples(heads.map(inserted)) + CHECKED;
    return tx.post({ sql: UPSERT + CHECKED, text, compares: true });
  }
  const changed = await tx.executeEach(UPDATE, heads.map(updated));
  if (changed < heads.length) throw new ChangedMeanwhile();
}

const updated = (head: RoomHead): unknown[] => [
  head.headRev,
  head.headSeq,
  head.at,
  head.memberRev,
  head.memberCount,
  head.id,
  head.readRev,
  head.readMemberRev,
];

const inserted = (head: RoomHead): unknown[] => [
  head.id,
  head.kind,
  head.visibility,
  head.headRev,
  head.headSeq,
  head.at,
  head.memberRev,
  head.memberCount,
  head.readRev,
  '{}',
  head.readMemberRev,
];
