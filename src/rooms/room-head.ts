import type { RoomChange } from '../events/chat-events.js';
import type { RoomSettingsView } from '../protocol/room-views.js';
import type { ChangedMessage } from './message-rows.js';
import type { Message } from './message.entity.js';
import { readSettings } from './settings-text.js';

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
  /** As the column has them. */
  readonly settings: string;
}

/**
 * A room in an open transaction, locked or taken as known: counts up its numbers and gathers what is to be written.
 * `RoomLog.save` writes it.
 */
export class RoomHead {
  readonly id: string;
  readonly kind: 'group' | 'direct';
  readonly visibility: 'public' | 'private';
  readonly archivedAt: number | null;
  readonly settings: RoomSettingsView;
  /** Epoch milliseconds for everything written under this lock: the later of the clock and the room's newest change. */
  readonly at: number;
  headRev: number;
  headSeq: number;
  memberRev: number;
  memberCount: number;
  /** The rev that was read, or taken as known: the row is only changed where it still has it. */
  readonly readRev: number;
  /** The same of `memberRev`, which in direct rooms moves without a rev. */
  readonly readMemberRev: number;
  /** Whether members, roles, bans or settings change. */
  isTouched = false;
  /** Rows for `messages`, ascending by rev. */
  readonly rows: Message[] = [];
  /** Messages of before that change, in the order of their changes. */
  readonly changed: ChangedMessage[] = [];
  readonly changes: RoomChange[] = [];
  private readonly settingsText: string;

  /** @param isTaken whether the row is not locked, but taken as this node left it (`KnownHeads`) */
  constructor(
    row: RoomHeadRow,
    now: number,
    readonly isTaken = false,
  ) {
    this.id = row.id;
    this.kind = row.kind;
    this.visibility = row.visibility;
    this.archivedAt = row.archivedAt === null ? null : Number(row.archivedAt);
    this.settingsText = row.settings;
    this.settings = readSettings(row.settings);
    this.at = Math.max(now, Number(row.headAt));
    this.headRev = this.readRev = Number(row.headRev);
    this.headSeq = Number(row.headSeq);
    this.memberRev = this.readMemberRev = Number(row.memberRev);
    this.memberCount = Number(row.memberCount);
  }

  /** Says that members, roles, bans or settings change with the newest rev: copies read before are not exact now. */
  touchMembers(): void {
    this.memberRev = Math.max(this.memberRev + 1, this.headRev);
    this.isTouched = true;
  }

  /** The row as it is once this head is stored. */
  toRow(): RoomHeadRow {
    const { id, kind, visibility, headRev, headSeq, at, memberRev, memberCount, archivedAt, settingsText } = this;
    const numbers = { headRev, headSeq, headAt: at, memberRev, memberCount };
    return { id, kind, visibility, ...numbers, archivedAt, settings: settingsText };
  }
}
