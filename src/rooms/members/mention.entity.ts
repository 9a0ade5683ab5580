import { Entity } from 'typeorm';
import { IdColumn, NumberKeyColumn, RefColumn } from '../../database/columns.js';

/** In the place of a user: everybody in the room. */
export const EVERYBODY = 'all';

/** That a message speaks to a member: counted above his read mark. */
@Entity('mentions')
export class Mention {
  /** The member, or `all`. */
  @IdColumn() userId!: string;
  @IdColumn() roomId!: string;
  @NumberKeyColumn() seq!: number;
  @RefColumn() senderId!: string;
}
