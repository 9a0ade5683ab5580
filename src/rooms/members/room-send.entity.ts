import { Entity, Index } from 'typeorm';
import { IdColumn, TimeColumn } from '../../database/columns.js';

/** When somebody last wrote in a room in slow mode. It outlives his membership: who comes back has not waited less. */
@Entity('room_sends')
@Index('ix_room_sends_userId', ['userId'])
export class RoomSend {
  @IdColumn() roomId!: string;
  @IdColumn() userId!: string;
  @TimeColumn() sentAt!: number;
}
