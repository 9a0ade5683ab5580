import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, NumberColumn, NumberKeyColumn, RefColumn } from '../database/columns.js';
import type { MessageChangeEvent } from '../protocol/events.js';

/**
 * The last change of a message that changed after it was sent: one row a message, at the rev of that change. What a room
 * went through after a rev is its new messages and these, merged by rev; nothing of it is paid by a send.
 */
@Entity('message_changes')
@Index('uq_message_changes_messageId', ['messageId'], { unique: true })
export class MessageChange {
  @IdColumn() roomId!: string;
  @NumberKeyColumn() rev!: number;
  @RefColumn() messageId!: string;
  /** The rev with which the message was created: its place in the room. */
  @NumberColumn() messageRev!: number;
  /** What happened with that change. */
  @KeyColumn(20) event!: MessageChangeEvent;
}
