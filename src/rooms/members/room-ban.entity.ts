import { Entity, Index } from 'typeorm';
import { IdColumn, NameColumn, RefColumn, TimeColumn } from '../../database/columns.js';

/** Somebody who may not join or be added, until `until` or without an end. */
@Entity('room_bans')
@Index('ix_room_bans_userId', ['userId'])
export class RoomBan {
  @IdColumn() roomId!: string;
  @IdColumn() userId!: string;
  @RefColumn({ nullable: true }) byId!: string | null;
  @NameColumn(200, { nullable: true }) reason!: string | null;
  @TimeColumn({ nullable: true }) until!: number | null;
  @TimeColumn() createdAt!: number;
}
