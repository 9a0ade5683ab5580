import { Entity, Index } from 'typeorm';
import { IdColumn, KeyColumn, NameColumn, RefColumn, TimeColumn } from '../database/columns.js';

/** Two users who are friends, or of whom one has asked the other: one row a pair, whoever asked. */
@Entity('friendships')
@Index('uq_friendships_requestId', ['requestId'], { unique: true })
@Index('ix_friendships_userLow', ['userLow', 'state', 'userHigh'])
@Index('ix_friendships_userHigh', ['userHigh', 'state', 'userLow'])
@Index('ix_friendships_requestedBy', ['requestedBy', 'state', 'requestId'])
@Index('ix_friendships_requestedTo', ['requestedTo', 'state', 'requestId'])
export class Friendship {
  /** The lower of the two ids. */
  @IdColumn() userLow!: string;
  @IdColumn() userHigh!: string;
  @KeyColumn(8) state!: 'pending' | 'accepted';
  @RefColumn() requestedBy!: string;
  @RefColumn() requestedTo!: string;
  @RefColumn() requestId!: string;
  /** The note that came with the request. */
  @NameColumn(500, { nullable: true }) message!: string | null;
  /** What the lower one calls the higher one, for himself alone. */
  @NameColumn(64, { nullable: true }) aliasByLow!: string | null;
  @NameColumn(64, { nullable: true }) aliasByHigh!: string | null;
  @TimeColumn() createdAt!: number;
  @TimeColumn({ nullable: true }) acceptedAt!: number | null;
}
