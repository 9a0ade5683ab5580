import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, NameColumn, NumberColumn, RefColumn } from '../database/columns.js';

/** A file that somebody sends, or has uploaded in order to. Rows of the same bytes name the same stored file. */
@Entity('attachments')
@Index('ix_attachments_ownerId', ['ownerId', 'messageId', 'bytes'])
@Index('ix_attachments_messageId', ['messageId', 'id'])
@Index('ix_attachments_sha256', ['sha256'])
@Index('ix_attachments_storageKey', ['storageKey'])
export class Attachment {
  @IdColumn() id!: string;
  @RefColumn() ownerId!: string;
  /** Room, message and its rev: null as long as it is not sent. */
  @RefColumn({ nullable: true }) roomId!: string | null;
  @RefColumn({ nullable: true }) messageId!: string | null;
  @NumberColumn({ nullable: true }) rev!: number | null;
  @NameColumn(255) name!: string;
  /** What the first bytes say, whatever the client said. */
  @KeyColumn(100) mediaType!: string;
  /** Of what is stored, as is the hash (in hexadecimal digits). */
  @NumberColumn() bytes!: number;
  @KeyColumn(64) sha256!: string;
  @NumberColumn({ nullable: true }) width!: number | null;
  @NumberColumn({ nullable: true }) height!: number | null;
  @KeyColumn(100) storageKey!: string;
  @KeyColumn(100, { nullable: true }) thumbnailKey!: string | null;
}
