import { Injectable } from '@nestjs/common';
import { placeholders } from '../../database/sql.js';
import type { Tx } from '../../database/tx.js';
import type { MemberRole } from '../../protocol/views.js';
import type { RoomHead } from '../room-head.js';

/** What the message path asks of a member. */
export interface RosterMember {
  readonly role: MemberRole;
  /** Epoch milliseconds, or null. */
  readonly mutedUntil: number | null;
}

type Roster = ReadonlyMap<string, RosterMember>;
type MemberRow = { userId: string; role: MemberRole; mutedUntil: number | null };

/** Rooms above this size are not copied as a whole: each join would make the copy stale and cost a full read. */
const COPY_SIZE = 500;
/** Members in all copies together; the oldest copies go first. */
const COPIED_MEMBERS = 200_000;

/**
 * Members of rooms in memory. A copy carries the `memberRev` it was read at; the locked head carries the present one,
 * and where the two are equal the copy is exact at this very moment (ADR 0004). So who may send costs nothing on the
 * message path and still holds to the last removal.
 */
@Injectable()
export class RoomRosters {
  private readonly copies = new Map<string, { memberRev: number; roster: Roster }>();
  private copied = 0;

  /** The given users' memberships in a locked room, exact under its lock; who is no member is not in it. */
  async membersOf(tx: Tx, head: RoomHead, userIds: readonly string[]): Promise<Roster> {
    const copy = this.copies.get(head.id);
    if (copy?.memberRev === head.memberRev) return copy.roster;
    if (head.memberCount > COPY_SIZE) return this.read(tx, head.id, [...new Set(userIds)]);
    const roster = await this.read(tx, head.id);
    this.keep(head, roster);
    return roster;
  }

  private async read(tx: Tx, roomId: string, userIds?: readonly string[]): Promise<Roster> {
    const some = userIds ? ` AND userId IN (${placeholders(userIds)})` : '';
    const rows = await tx.query<MemberRow>(
      `SELECT userId, role, mutedUntil FROM room_members WHERE roomId = ?${some}`,
      [roomId, ...(userIds ?? [])],
    );
    return new Map(
      rows.map(({ userId, role, mutedUntil }) => [userId, { role, mutedUntil: mutedUntil && Number(mutedUntil) }]),
    );
  }

  /**
   * The head has been locked but its change may still be rolled back; a copy is only kept under a number that the
   * database holds already, which is the one the head was read with.
   */
  private keep(head: RoomHead, roster: Roster): void {
    this.drop(head.id);
    this.copies.set(head.id, { memberRev: head.memberRev, roster });
    this.copied += roster.size;
    for (const roomId of this.copies.keys()) {
      if (this.copied <= COPIED_MEMBERS) return;
      this.drop(roomId);
    }
  }

  private drop(roomId: string): void {
    this.copied -= this.copies.get(roomId)?.roster.size ?? 0;
    this.copies.delete(roomId);
  }
}
