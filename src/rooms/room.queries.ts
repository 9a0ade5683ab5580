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
  /** Whether the member has blocked anybody; told by `headFor` alone. */
  readonly hasBlocks?: number;
  /** The rev of the newest message or notice, which later changes of older ones do not move; told by `headFor` alone. */
  readonly newestRev?: number;
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

  /** The same of several members at once, in no order; nothing of who is no member. */
  async headsOfMembers(places: readonly Pick<MemberHead, 'roomId' | 'userId'>[]): Promise<MemberHead[]> {
    if (places.length === 0) return [];
    const isOne = places.map(() => '(m.roomId = ? AND m.userId = ?)').join(' OR ');
    return this.reads.query(
      `SELECT ${COLUMNS} FROM room_members m JOIN rooms r ON r.id = m.roomId WHERE ${isOne}`,
      places.flatMap(({ roomId, userId }) => [roomId, userId]),
    );
  }

  /** The same with whether outsiders may know of the room; null where there is none. */
  async headFor(
    userId: string,
    roomId: string,
  ): Promise<{ visibility: 'public' | 'private'; head: MemberHead | null } | null> {
    const [row] = await this.reads.query<MemberHead & { visibility: 'public' | 'private' }>(
      `SELECT r.visibility AS visibility, ${COLUMNS}, EXISTS (SELECT 1 FROM blocks WHERE blockerId = ?) AS hasBlocks,
        (SELECT MAX(rev) FROM messages WHERE roomId = r.id) AS newestRev
       FROM rooms r
       LEFT JOIN room_members m ON m.roomId = r.id AND m.userId = ? WHERE r.id = ?`,
      [userId, userId, roomId],
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

  /** Which of the pictures rooms have. */
  async picturesAmong(pictureIds: readonly string[]): Promise<string[]> {
    const rows = await this.reads.query<{ avatar: string }>(
      `SELECT avatar FROM rooms WHERE avatar IN (${placeholders(pictureIds)})`,
      pictureIds,
    );
    return rows.map(({ avatar }) => avatar);
  }

  /** Members of a room in the order of their ids, behind `after`. */
  async memberIds(roomId: string, after: string, limit: number): Promise<string[]> {
    const rows = await this.reads.query<{ userId: string }>(
      'SELECT userId FROM room_members WHERE roomId = ? AND userId > ? ORDER BY userId LIMIT ?',
      [roomId, after, limit],
    );
    return rows.map(({ userId }) => userId);
  }

  /** Those of the users who are members of the room. */
  async membersAmong(roomId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.reads.query<{ userId: string }>(
      `SELECT userId FROM room_members WHERE roomId = ? AND userId IN (${placeholders(userIds)})`,
      [roomId, ...userIds],
    );
    return new Set(rows.map(({ userId }) => userId));
  }
}
