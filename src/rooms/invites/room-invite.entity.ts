import { Entity, Index } from 'typeorm';
import { IdColumn, NumberColumn, RefColumn, TimeColumn } from '../../database/columns.js';

/** A link that lets people into a room. */
@Entity('room_invites')
@Index('uq_room_invites_code', ['code'], { unique: true })
@Index('ix_room_invites_roomId', ['roomId', 'id'])
export class RoomInvite {
  @IdColumn() id!: string;
  /** What stands in the link: 128 random bits, in the form of a ULID. */
  @RefColumn() code!: string;
  @RefColumn() roomId!: string;
  @RefColumn() byId!: string;
  /** Null: as many as come. */
  @NumberColumn({ nullable: true }) maxUses!: number | null;
  @NumberColumn() uses!: number;
  @TimeColumn({ nullable: true }) expiresAt!: number | null;
  /** When it was revoked or used up. It is kept for a while, so that who comes by it learns that it is gone. */
  @TimeColumn({ nullable: true }) endedAt!: number | null;
}
