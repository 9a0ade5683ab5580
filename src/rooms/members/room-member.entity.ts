import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, NameColumn, NumberColumn, TimeColumn } from '../../database/columns.js';
import type { MemberRole } from '../../protocol/views.js';

@Entity('room_members')
@Index('ix_room_members_userId', ['userId', 'roomId'])
@Index('ix_room_members_role', ['roomId', 'role', 'joinedRev'])
export class RoomMember {
  @IdColumn() roomId!: string;
  @IdColumn() userId!: string;
  @KeyColumn(8) role!: MemberRole;
  /** The rev of the notice that he joined; 0 where he was there before any change. */
  @NumberColumn() joinedRev!: number;
  @TimeColumn() joinedAt!: number;
  /** Nothing below this rev is shown to him. */
  @NumberColumn() visibleFromRev!: number;
  /** The last seq below that; null where nothing is hidden. His read mark is never set below it. */
  @NumberColumn({ nullable: true }) hiddenSeq!: number | null;
  @NumberColumn() readSeq!: number;
  /** Raised when the mark is moved back, so that an old mark of another device cannot undo that. */
  @NumberColumn() readVersion!: number;
  /** Up to where others are shown that he has received and read; they stand still while he does not want that. */
  @NumberColumn({ nullable: true }) deliveredSeq!: number | null;
  @NumberColumn({ nullable: true }) shownReadSeq!: number | null;
  @KeyColumn(8) notify!: 'all' | 'mentions' | 'none';
  /** Until when he may not write here, as an admin decided. */
  @TimeColumn({ nullable: true }) mutedUntil!: number | null;
  /** Until when he does not want to be notified of this room. */
  @TimeColumn({ nullable: true }) silentUntil!: number | null;
  @NameColumn(64, { nullable: true }) alias!: string | null;
}
