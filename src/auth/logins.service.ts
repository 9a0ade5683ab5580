import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { toTime } from '../common/clock.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { Page, SessionView } from '../protocol/views.js';
import { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

/** What a user does with his own logins, and what a suspension does with them. */
@Injectable()
export class LoginsService implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hub: EventHub,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.hub.onInTransaction('UserSuspended', (tx, { userId }) => this.endSuspended(tx, userId));
    this.hub.onInTransaction('UserDeleted', (tx, { userId }) => this.endDeleted(tx, userId));
  }

  /** The caller's living logins, newest first. */
  async list(principal: Principal, { cursor, limit }: { cursor?: string; limit: number }): Promise<Page<SessionView>> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, ['ulid'])[0];
    const sessions = await this.sessions.listOf(principal.userId, { before, limit: limit + 1 });
    const page = toPage(sessions, limit, ({ id }) => encodeCursor([id]));
    return { ...page, items: page.items.map((session) => toSessionView(session, principal.sessionId)) };
  }

  /** Ends one of the caller's logins. Throws `NOT_FOUND` for one that is not his or has ended. */
  async revoke(principal: Principal, sessionId: string): Promise<void> {
    const end = { only: sessionId, reason: 'SESSION_REVOKED' } as const;
    const ended = await this.uow.run((tx) => this.sessions.end(tx, principal.userId, end));
    if (ended === 0) throw new ChatError('NOT_FOUND');
  }

  /** Ends all of the caller's logins but the one he uses. */
  async revokeOthers(principal: Principal): Promise<void> {
    const end = { except: principal.sessionId, reason: 'SESSION_REVOKED' } as const;
    await this.uow.run((tx) => this.sessions.end(tx, principal.userId, end));
  }

  /** Ends the login that the caller uses. */
  async logout(principal: Principal): Promise<void> {
    const end = { only: principal.sessionId, reason: 'SESSION_REVOKED' } as const;
    await this.uow.run((tx) => this.sessions.end(tx, principal.userId, end));
  }

  /** Keeps what the user calls the device of the login he uses; of one that has ended meanwhile nothing is kept. */
  async nameDevice(principal: Principal, device: string): Promise<void> {
    const living = { id: principal.sessionId, revokedAt: IsNull() };
    await this.uow.run((tx) => tx.manager.update(Session, living, { device }));
  }

  private async endSuspended(tx: Tx, userId: string): Promise<void> {
    await this.sessions.end(tx, userId, { reason: 'SUSPENDED' });
  }

  /** The rows stay for as long as others must learn that they have ended; where he was and with what, goes. */
  private async endDeleted(tx: Tx, userId: string): Promise<void> {
    await this.sessions.end(tx, userId, { reason: 'SESSION_REVOKED' });
    await tx.manager.update(Session, { userId }, { device: null, address: null, userAgent: null });
  }
}

function toSessionView(session: Session, currentId: string): SessionView {
  const { id, device, userAgent, address } = session;
  return {
    id,
    device,
    userAgent,
    address,
    createdAt: toTime(session.createdAt),
    usedAt: toTime(session.usedAt),
    expiresAt: toTime(session.expiresAt),
    current: id === currentId,
  };
}
