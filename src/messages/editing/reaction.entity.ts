import { Entity } from 'typeorm';
import { IdColumn, TextKeyColumn, TimeColumn } from '../../database/columns.js';

/** Bytes of an emoji: the longest of Unicode's sequences has 35. */
export const EMOJI_LENGTH = 64;

/** One user's reaction to a message. How many there are of each kind stands with the message. */
@Entity('reactions')
export class Reaction {
  @IdColumn() messageId!: string;
  @IdColumn() userId!: string;
  @TextKeyColumn(EMOJI_LENGTH) emoji!: string;
  @TimeColumn() createdAt!: number;
}
