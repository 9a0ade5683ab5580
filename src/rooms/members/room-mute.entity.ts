import { Entity, Index } from 'typeorm';
import { IdColumn, TimeColumn } from '../../database/columns.js';

/** The mute of somebody who is not in the room at present: who comes back is muted for the rest of it. */
@Entity('room_mutes')
@Index('ix_room_mutes_userId', ['userId'])
export class RoomMute {
  @IdColumn() roomId!: string;
  @IdColumn() userId!: string;
  @TimeColumn() until!: number;
}
