import { Entity, Index } from 'typeorm';
import { IdColumn, NumberColumn, RefColumn } from '../../database/columns.js';

/** A pinned message. The list of a room's is in the order of `pinnedRev`. */
@Entity('pins')
@Index('ix_pins_pinnedRev', ['roomId', 'pinnedRev'])
export class Pin {
  @IdColumn() roomId!: string;
  @IdColumn() messageId!: string;
  /** The rev with which the message was created. */
  @NumberColumn() messageRev!: number;
  /** The rev with which it was pinned. */
  @NumberColumn() pinnedRev!: number;
  @RefColumn() byId!: string;
}
