import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, RefColumn, TextKeyColumn, TimeColumn } from '../database/columns.js';

/** What a creating POST with an `Idempotency-Key` made; kept for 24 hours. */
@Entity('idempotency_keys')
@Index('ix_idempotency_keys_createdAt', ['createdAt'])
export class IdempotencyKey {
  @IdColumn() userId!: string;
  @TextKeyColumn(64) requestKey!: string;
  @KeyColumn(43) bodyHash!: string;
  @RefColumn() resourceId!: string;
  @TimeColumn() createdAt!: number;
}
