import { Injectable } from '@nestjs/common';
import { placeholders } from '../../database/sql.js';
import type { Tx } from '../../database/tx.js';
import type { MemberRole } from '../../protocol/views.js';
import { type ContactBar, FriendsAccess } from '../../friends/friends-access.js';
import type { RoomHead } from '../room-head.js';

/** What the message path asks of a member. */
export interface RosterMember {
  readonly role: MemberRole;
  /** Epoch milliseconds, or null. */
  readonly mutedUntil: number | null;
  /** Why he may not write to the other one of a direct room, or null. */
  readonly bar: ContactBar | null;
}

type Roster = ReadonlyMap<string, RosterMember>;
type MemberRow = { userId: string; role: MemberRole; mutedUntil: number | null };

const NO_BARS: ReadonlyMap<string, ContactBar> = new Map();

/** Rooms above this size are not copied as a whole: each join would make the copy stale and cost a full read. */
const COPY_SIZE = 500;
/** Members in all copies together; the oldest copies go first. */
const COPIED_MEMBERS = 200_000;

/**
 * Members of rooms in memory. A copy carries the `memberRev` it was read at; the head carries the present one, and where
 * the two are equal the copy is as exact as the head: at this very moment where it is locked, and as of a rev that is
 * compared before anything is stored where it is taken as known (ADR 0004, 0017). So who may send costs nothing on the
 * message path and still holds to the last removal.
 */
@Injectable()
export class RoomRosters {
  private readonly copies = new Map<string, { memberRev: number; roster: Roster }>();
  private copied = 0;

  constructor(private readonly friends: FriendsAccess) {}

  /** The given users' memberships in a room, as exact as its head; who is no member is not in it. */
  async membersOf(tx: Tx, head: RoomHead, userIds: readonly string[]): Promise<Roster> {
    const copy = this.copies.get(head.id);
    if (copy?.memberRev === head.memberRev) return copy.roster;
    if (head.memberCount > COPY_SIZE) return this.read(tx, head, [...new Set(userIds)]);
    const roster = await this.read(tx, head);
    this.keep(head, roster);
    return roster;
  }

  private async read(tx: Tx, head: RoomHead, userIds?: readonly string[]): Promise<Roster> {
    const some = userIds ? ` AND userId IN (${placeholders(userIds)})` : '';
    const rows = await tx.query<MemberRow>(
      `SELECT userId, role, mutedUntil FROM room_members WHERE roomId = ?${some}`,
      [head.id, ...(userIds ?? [])],
    );
    const bars = head.kind === 'direct' ? await this.barsOf(tx, rows) : NO_BARS;
    return new Map(
      rows.map(({ userId, role, mutedUntil }) => {
        const bar = bars.get(userId) ?? null;
        return [userId, { role, mutedUntil: mutedUntil && Number(mutedUntil), bar }];
      }),
    );
  }

  /** Who of a direct room may not write to the other; in the room of one's own notes there is no other. */
  private async barsOf(tx: Tx, members: readonly MemberRow[]): Promise<ReadonlyMap<string, ContactBar>> {
    const [one, other] = members.map(({ userId }) => userId);
    return other === undefined ? NO_BARS : this.friends.barsBetween(tx, [one, other]);
  }

  /**
   * The change of the head may still be rolled back, or refused; a copy is only kept under a number that the
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
