import { Entity, Index } from 'typeorm';
import { IdColumn, TimeColumn } from '../database/columns.js';

/** Somebody who wants nothing of another user. */
@Entity('blocks')
@Index('ix_blocks_blockedId', ['blockedId', 'blockerId'])
export class Block {
  @IdColumn() blockerId!: string;
  @IdColumn() blockedId!: string;
  @TimeColumn() createdAt!: number;
}
