import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Principal } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { insertRows } from '../database/sql.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { TicketView } from '../protocol/views.js';
import { EndedSession } from './live-sessions.service.js';
import { secretHash } from './refresh-token.js';
import { WsTicket } from './ws-ticket.entity.js';

const LIFE_S = 30;

/** Tickets open one socket each, for clients that do not want their access token in a frame. */
@Injectable()
export class TicketsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** A ticket for the caller's login, good once within 30 seconds. */
  async issue(principal: Principal): Promise<TicketView> {
    const ticket = randomBytes(32).toString('base64url');
    const expiresAt = this.clock.now() + LIFE_S * 1000;
    const row = { hash: secretHash(ticket), sessionId: principal.sessionId, expiresAt, usedAt: null };
    await this.uow.run((tx) => insertRows(tx, 'ws_tickets', [row]));
    return { ticket, expiresIn: LIFE_S };
  }

  /**
   * Uses a ticket up and returns the login it is for.
   *
   * @throws EndedSession `TICKET_USED` for one that was used or has expired, `TOKEN_INVALID` for one that never was
   */
  async redeem(ticket: string): Promise<string> {
    const hash = secretHash(ticket);
    const now = this.clock.now();
    return this.uow.run(async (tx) => {
      const used = await tx.execute(
        'UPDATE ws_tickets SET usedAt = ? WHERE hash = ? AND usedAt IS NULL AND expiresAt > ?',
        [now, hash, now],
      );
      const row = await tx.manager.findOneBy(WsTicket, { hash });
      if (!row) throw new EndedSession('TOKEN_INVALID');
      if (used === 0) throw new EndedSession('TICKET_USED');
      return row.sessionId;
    });
  }
}
