import { Entity, Index } from 'typeorm';
import { RefColumn, TextKeyColumn, TimeColumn } from '../database/columns.js';

/** A ticket that opens one socket, once. Only its SHA-256 is kept. */
@Entity('ws_tickets')
@Index('ix_ws_tickets_expiresAt', ['expiresAt'])
export class WsTicket {
  @TextKeyColumn(43) hash!: string;
  @RefColumn() sessionId!: string;
  @TimeColumn() expiresAt!: number;
  @TimeColumn({ nullable: true }) usedAt!: number | null;
}
