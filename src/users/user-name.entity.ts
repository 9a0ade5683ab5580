import { Entity } from 'typeorm';
import { IdColumn, NumberKeyColumn, TextKeyColumn } from '../database/columns.js';

/** One tail of a name of an active user, for the directory (ADR 0018). */
@Entity('user_names')
export class UserName {
  /** 0: the name's beginning, 1: that of a word, 2: inside a word. */
  @NumberKeyColumn() place!: number;
  @TextKeyColumn(24) tail!: string;
  @IdColumn() userId!: string;
}
