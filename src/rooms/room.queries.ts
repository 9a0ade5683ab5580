import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';

/** Where a room stands, and one member in it. */
export interface MemberHead {
  readonly roomId: string;
  readonly userId: string;
  readonly headRev: number;
  readonly headSeq: number;
  readonly floorRev: number;
  readonly joinedRev: number;
  readonly visibleFromRev: number;
  readonly readSeq: number;
  readonly readVersion: number;
}

const COLUMNS = `m.roomId AS roomId, m.userId AS userId, r.headRev AS headRev, r.headSeq AS headSeq,
  r.floorRev AS floorRev, m.joinedRev AS joinedRev, m.visibleFromRev AS visibleFromRev, m.readSeq AS readSeq,
  m.readVersion AS readVersion`;

/** Reads for the realtime side, each one indexed query however many rooms it is about. */
@Injectable()
export class RoomQueries {
  constructor(private readonly reads: Reads) {}

  /** The rooms of a user, from one index. */
  async roomIdsOf(userId: string): Promise<string[]> {
    const rows = await this.reads.query<{ roomId: string }>('SELECT roomId FROM room_members WHERE userId = ?', [
      userId,
    ]);
    return rows.map(({ roomId }) => roomId);
  }

  /** The rooms of a user with heads and membership as they are at one moment, in the order of their ids. */
  async headsOfUser(userId: string, limit: number): Promise<MemberHead[]> {
    return this.reads.query(
      `SELECT ${COLUMNS} FROM room_members m JOIN rooms r ON r.id = m.roomId WHERE m.userId = ? ORDER BY m.roomId LIMIT ?`,
      [userId, limit],
    );
  }

  /** One room's head and the user's membership as they are at one moment; null for somebody who is no member. */
  async headOfMember(userId: string, roomId: string): Promise<MemberHead | null> {
    const rows: MemberHead[] = await this.reads.query(
      `SELECT ${COLUMNS} FROM room_members m JOIN rooms r ON r.id = m.roomId WHERE m.userId = ? AND m.roomId = ?`,
      [userId, roomId],
    );
    return rows[0] ?? null;
  }

  /** The same with whether outsiders may know of the room; null where there is none. */
  async headFor(
    userId: string,
    roomId: string,
  ): Promise<{ visibility: 'public' | 'private'; head: MemberHead | null } | null> {
    const [row] = await this.reads.query<MemberHead & { visibility: 'public' | 'private' }>(
      `SELECT r.visibility AS visibility, ${COLUMNS} FROM rooms r
       LEFT JOIN room_members m ON m.roomId = r.id AND m.userId = ? WHERE r.id = ?`,
      [userId, roomId],
    );
    return row ? { visibility: row.visibility, head: row.userId ? row : null } : null;
  }

  /** The newest rev of each room that exists. */
  async headRevs(roomIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (roomIds.length === 0) return new Map();
    const rows: { id: string; headRev: number }[] = await this.reads.query(
      `SELECT id, headRev FROM rooms WHERE id IN (${placeholders(roomIds)})`,
      [...roomIds],
    );
    return new Map(rows.map(({ id, headRev }) => [id, Number(headRev)]));
  }
}
