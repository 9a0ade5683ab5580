import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, NameColumn, NumberColumn, RefColumn, TimeColumn } from '../database/columns.js';

/** One login of a user. All refresh tokens of a login are one family: the row's `counter` says which is good. */
@Entity('sessions')
@Index('ix_sessions_userId', ['userId', 'id'])
@Index('ix_sessions_revokedAt', ['revokedAt'])
@Index('ix_sessions_expiresAt', ['expiresAt'])
export class Session {
  @IdColumn() id!: string;
  @RefColumn() userId!: string;
  /** SHA-256 of the refresh token that is good now. */
  @KeyColumn(43) refreshHash!: string;
  /** SHA-256 of the one before, which is forgiven for some seconds after `rotatedAt`. */
  @KeyColumn(43, { nullable: true }) previousHash!: string | null;
  @NumberColumn() counter!: number;
  @NameColumn(100, { nullable: true }) device!: string | null;
  @NameColumn(64, { nullable: true }) address!: string | null;
  @NameColumn(255, { nullable: true }) userAgent!: string | null;
  @TimeColumn() createdAt!: number;
  @TimeColumn() usedAt!: number;
  @TimeColumn() rotatedAt!: number;
  @TimeColumn() expiresAt!: number;
  @TimeColumn({ nullable: true }) revokedAt!: number | null;
  /** Why it ended, as the close reason of its connections. */
  @KeyColumn(24, { nullable: true }) reason!: string | null;
}
