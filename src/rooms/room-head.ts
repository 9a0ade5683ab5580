import type { RoomChange } from '../events/chat-events.js';
import type { Message } from './message.entity.js';

/** The columns of a room that every change needs. */
export interface RoomHeadRow {
  readonly id: string;
  readonly kind: 'group' | 'direct';
  readonly visibility: 'public' | 'private';
  readonly headRev: number;
  readonly headSeq: number;
  readonly headAt: number;
  readonly memberRev: number;
  readonly memberCount: number;
  readonly archivedAt: number | null;
}

/**
 * A room whose row is locked in an open transaction: counts up its numbers and gathers what is to be written.
 * `RoomLog.save` writes it.
 */
export class RoomHead {
  readonly id: string;
  readonly kind: 'group' | 'direct';
  readonly visibility: 'public' | 'private';
  readonly archivedAt: number | null;
  /** Epoch milliseconds for everything written under this lock: the later of the clock and the room's newest change. */
  readonly at: number;
  headRev: number;
  headSeq: number;
  memberRev: number;
  memberCount: number;
  /** Rows for `messages`, ascending by rev. */
  readonly rows: Message[] = [];
  readonly changes: RoomChange[] = [];

  constructor(row: RoomHeadRow, now: number) {
    this.id = row.id;
    this.kind = row.kind;
    this.visibility = row.visibility;
    this.archivedAt = row.archivedAt === null ? null : Number(row.archivedAt);
    this.at = Math.max(now, Number(row.headAt));
    this.headRev = Number(row.headRev);
    this.headSeq = Number(row.headSeq);
    this.memberRev = Number(row.memberRev);
    this.memberCount = Number(row.memberCount);
  }

  /** Says that members, roles, bans or settings change with the newest rev: copies read before are not exact now. */
  touchMembers(): void {
    this.memberRev = this.headRev;
  }
}
