import { Injectable, Logger } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { TokensView } from '../protocol/views.js';
import { User } from '../users/user.entity.js';
import { readRefreshToken, secretHash } from './refresh-token.js';
import type { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

/** How long the token before the present one gets the present pair again: for clients that lost the answer. */
const FORGIVEN_MS = 10_000;

/** Changes a refresh token for a fresh pair, and finds out when one was stolen. */
@Injectable()
export class RefreshService {
  private readonly logger = new Logger('Auth');

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly uow: UnitOfWork,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * A fresh pair; the token given is used up. The one before it, within 10 s of its rotation, gets the same pair again.
   * Any older one means that two parties hold the login: it ends, its connections close with 4200, and that is logged
   * (RFC 9700, 4.14.2).
   *
   * @throws ChatError `UNAUTHORIZED`
   */
  async refresh(token: string): Promise<TokensView> {
    const given = readRefreshToken(this.config.auth.refreshSecret, token);
    if (!given) throw new ChatError('UNAUTHORIZED');
    const tokens = await this.uow.run(async (tx) => {
      const session = await this.sessions.lock(tx, given.sessionId);
      const user = session && (await tx.manager.findOneBy(User, { id: session.userId }));
      if (!session || !user || !this.isAlive(session, user)) return null;
      const hash = secretHash(token);
      if (hash === session.refreshHash) return this.sessions.toTokens(await this.sessions.rotate(tx, session), user);
      if (hash === session.previousHash && this.isForgiven(session)) return this.sessions.toTokens(session, user);
      return this.endFamily(tx, session);
    });
    // The end of the family is committed; only then is the answer a refusal.
    if (!tokens) throw new ChatError('UNAUTHORIZED');
    return tokens;
  }

  private isAlive(session: Session, user: User): boolean {
    return session.revokedAt === null && session.expiresAt > this.clock.now() && user.status === 'active';
  }

  private isForgiven(session: Session): boolean {
    return Math.abs(this.clock.now() - session.rotatedAt) <= FORGIVEN_MS;
  }

  private async endFamily(tx: Tx, session: Session): Promise<null> {
    await this.sessions.end(tx, session.userId, { only: session.id, reason: 'SESSION_REVOKED' });
    tx.onCommit(() => this.logger.warn({ event: 'auth.refreshReused', userId: session.userId, sessionId: session.id }));
    return null;
  }
}
