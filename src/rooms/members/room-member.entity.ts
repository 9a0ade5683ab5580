import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, NameColumn, NumberColumn, TimeColumn } from '../../database/columns.js';
import type { MemberRole } from '../../protocol/views.js';

@Entity('room_members')
@Index('ix_room_members_userId', ['userId', 'roomId'])
export class RoomMember {
  @IdColumn() roomId!: string;
  @IdColumn() userId!: string;
  @KeyColumn(8) role!: MemberRole;
  /** The rev of the notice that he joined; 0 where he was there before any change. */
  @NumberColumn() joinedRev!: number;
  @TimeColumn() joinedAt!: number;
  /** Nothing below this rev is shown to him. */
  @NumberColumn() visibleFromRev!: number;
  @NumberColumn() readSeq!: number;
  /** Raised when the mark is moved back, so that an old mark of another device cannot undo that. */
  @NumberColumn() readVersion!: number;
  @KeyColumn(8) notify!: 'all' | 'mentions' | 'none';
  @TimeColumn({ nullable: true }) mutedUntil!: number | null;
  @NameColumn(64, { nullable: true }) alias!: string | null;
}
