import { Entity, Index, PrimaryColumn } from 'typeorm';
import {
  JsonColumn,
  KeyColumn,
  NumberColumn,
  NumberKeyColumn,
  RefColumn,
  TextColumn,
  TimeColumn,
  ULID_LENGTH,
} from '../database/columns.js';

/**
 * A message or a notice, keyed by its place in the room: a page of history is one range of this key. It lives here
 * because `RoomLog` writes notices.
 */
@Entity('messages')
@Index('uq_messages_id', ['id'], { unique: true })
export class Message {
  @PrimaryColumn({ type: 'varchar', length: ULID_LENGTH }) roomId!: string;
  @NumberKeyColumn() rev!: number;
  @RefColumn() id!: string;
  @NumberColumn() lastRev!: number;
  /** 1, 2, 3, … of the messages that people wrote; null for notices. */
  @NumberColumn({ nullable: true }) seq!: number | null;
  @KeyColumn(6) kind!: 'text' | 'notice';
  @RefColumn({ nullable: true }) senderId!: string | null;
  @TextColumn({ nullable: true }) text!: string | null;
  @JsonColumn({ nullable: true }) payload!: Record<string, unknown> | null;
  @RefColumn({ nullable: true }) replyToId!: string | null;
  @TimeColumn({ nullable: true }) editedAt!: number | null;
  @TimeColumn({ nullable: true }) deletedAt!: number | null;
  /** SHA-256 of what was sent, in short: tells a repeat from a clash of ids. Null for notices. */
  @KeyColumn(22, { nullable: true }) bodyHash!: string | null;
  @TimeColumn() createdAt!: number;
}
