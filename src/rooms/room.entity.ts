import { Entity, Index } from 'typeorm';
import {
  IdColumn,
  JsonColumn,
  KeyColumn,
  NameColumn,
  NumberColumn,
  RefColumn,
  TextColumn,
  TimeColumn,
} from '../database/columns.js';
import type { RoomSettingsView } from '../protocol/room-views.js';

@Entity('rooms')
@Index('uq_rooms_directKey', ['directKey'], { unique: true })
@Index('ix_rooms_avatar', ['avatar'])
@Index('ix_rooms_public', ['visibility', 'nameKey', 'id'])
export class Room {
  @IdColumn() id!: string;
  @KeyColumn(8) kind!: 'group' | 'direct';
  @KeyColumn(8) visibility!: 'public' | 'private';
  @NameColumn(100, { nullable: true }) name!: string | null;
  /** The folded name, by which public rooms are listed and searched; null for direct rooms. */
  @KeyColumn(191, { nullable: true }) nameKey!: string | null;
  @TextColumn({ nullable: true }) topic!: string | null;
  /** The id of the picture that was uploaded. */
  @RefColumn({ nullable: true }) avatar!: string | null;
  @RefColumn({ nullable: true }) ownerId!: string | null;
  /** `low:high` of the two user ids: one direct room a pair, for ever. Null for groups. */
  @KeyColumn(53, { nullable: true }) directKey!: string | null;
  @NumberColumn() headRev!: number;
  @NumberColumn() headSeq!: number;
  /** When the newest change was made; never falls, whatever the clock does. */
  @TimeColumn() headAt!: number;
  /**
   * Raised by every change of members, roles, bans, mutes or settings, to its rev, and in direct rooms by one where
   * it changes who may write to whom: a copy read at this number is exact.
   */
  @NumberColumn() memberRev!: number;
  /** Changes at or below this rev can no longer be served. */
  @NumberColumn() floorRev!: number;
  @NumberColumn() memberCount!: number;
  /** What differs from the settings of every room. */
  @JsonColumn() settings!: Partial<RoomSettingsView>;
  @TimeColumn({ nullable: true }) archivedAt!: number | null;
  @TimeColumn() createdAt!: number;
}
