import { Entity } from 'typeorm';
import { IdColumn, NumberKeyColumn, RefColumn } from '../database/columns.js';

/** That a message answers to another: replies have a table of their own, since an index would be paid by every message. */
@Entity('message_replies')
export class MessageReply {
  /** The message that is answered to. */
  @IdColumn() messageId!: string;
  /** The rev of the reply, in the same room. */
  @NumberKeyColumn() rev!: number;
  @RefColumn() roomId!: string;
}
