import { placeholders, upsertRows } from '../../database/sql.js';
import type { RoomEdit } from '../room-edits.js';
import { mutedUntilOf } from './member.view.js';
import { RoomMember } from './room-member.entity.js';

const MUTES = { table: 'room_mutes', conflict: ['roomId', 'userId'], updates: ['until'] };

/** Keeps the mute of a member who goes, or coming back would lift it. */
export async function keepMute({ tx, head }: RoomEdit, userId: string): Promise<void> {
  const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId });
  const until = member && mutedUntilOf(member, head.at);
  if (until !== null) await upsertRows(tx, MUTES, [{ roomId: head.id, userId, until }]);
}

/** Takes back the mutes of users who come: until when each is muted, by id. */
export async function takeMutes(
  { tx, head }: RoomEdit,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  // Nobody has left a room in which nothing has happened yet.
  if (head.readRev === 0) return new Map();
  const where = `FROM room_mutes WHERE roomId = ? AND userId IN (${placeholders(userIds)})`;
  const rows = await tx.query<{ userId: string; until: number }>(`SELECT userId, until ${where}`, [
    head.id,
    ...userIds,
  ]);
  if (rows.length > 0) await tx.execute(`DELETE ${where}`, [head.id, ...userIds]);
  const inForce = rows.filter(({ until }) => Number(until) > head.at);
  return new Map(inForce.map(({ userId, until }) => [userId, Number(until)]));
}
