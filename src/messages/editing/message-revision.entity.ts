import { Entity } from 'typeorm';
import { IdColumn, NumberKeyColumn, TextColumn, TimeColumn } from '../../database/columns.js';

/** What a message said before it was edited: 1 is what was sent. */
@Entity('message_revisions')
export class MessageRevision {
  @IdColumn() messageId!: string;
  @NumberKeyColumn() no!: number;
  @TextColumn({ nullable: true }) text!: string | null;
  /** Since when it had said that. */
  @TimeColumn() createdAt!: number;
}
