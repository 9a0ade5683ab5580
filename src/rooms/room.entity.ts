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

@Entity('rooms')
@Index('uq_rooms_directKey', ['directKey'], { unique: true })
@Index('ix_rooms_public', ['visibility', 'nameKey', 'id'])
export class Room {
  @IdColumn() id!: string;
  @KeyColumn(8) kind!: 'group' | 'direct';
  @KeyColumn(8) visibility!: 'public' | 'private';
  @NameColumn(100, { nullable: true }) name!: string | null;
  /** The folded name, by which public rooms are listed and searched; null for direct rooms. */
  @KeyColumn(191, { nullable: true }) nameKey!: string | null;
  @TextColumn({ nullable: true }) topic!: string | null;
  @RefColumn({ nullable: true }) ownerId!: string | null;
  /** `low:high` of the two user ids: one direct room a pair, for ever. Null for groups. */
  @KeyColumn(53, { nullable: true }) directKey!: string | null;
  @NumberColumn() headRev!: number;
  @NumberColumn() headSeq!: number;
  /** When the newest change was made; never falls, whatever the clock does. */
  @TimeColumn() headAt!: number;
  /** The rev of the last change of members, roles, bans or settings: a copy read at this number is exact. */
  @NumberColumn() memberRev!: number;
  /** Changes at or below this rev can no longer be served. */
  @NumberColumn() floorRev!: number;
  @NumberColumn() memberCount!: number;
  @JsonColumn() settings!: Record<string, unknown>;
  @TimeColumn({ nullable: true }) archivedAt!: number | null;
  @TimeColumn() createdAt!: number;
}
