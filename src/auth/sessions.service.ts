import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, LessThan, MoreThan, Repository } from 'typeorm';
import { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { READS } from '../database/data-source.js';
import { forUpdate, insertRows, placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { EventHub } from '../events/event-hub.js';
import type { CloseReason } from '../protocol/close-codes.js';
import type { TokensView } from '../protocol/views.js';
import type { User } from '../users/user.entity.js';
import { toMeView } from '../users/user.view.js';
import { AccessTokens } from './access-tokens.service.js';
import { makeRefreshToken, secretHash } from './refresh-token.js';
import { Session } from './session.entity.js';

const DAY_MS = 86_400_000;
/** Logins ended by one statement. */
const AT_ONCE = 500;

/** Where a login comes from, as far as the client tells. */
export interface Device {
  readonly address: string;
  readonly userAgent: string | null;
  readonly device: string | null;
}

/** The rows of logins: opened, listed, ended. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly hub: EventHub,
    private readonly tokens: AccessTokens,
    @InjectRepository(Session, READS) private readonly sessions: Repository<Session>,
  ) {}

  /** Opens a login for the user, inside the transaction that lets him in. */
  async open(tx: Tx, user: User, { address, userAgent, device }: Device): Promise<TokensView> {
    const now = this.clock.now();
    const session: Session = {
      id: newId(),
      userId: user.id,
      refreshHash: '',
      previousHash: null,
      counter: 0,
      device,
      address,
      userAgent: userAgent?.slice(0, 255) ?? null,
      createdAt: now,
      usedAt: now,
      rotatedAt: now,
      expiresAt: now + this.config.auth.refreshDays * DAY_MS,
      revokedAt: null,
      reason: null,
    };
    const refreshHash = secretHash(this.refreshTokenOf(session));
    await insertRows(tx, 'sessions', [{ ...session, refreshHash }]);
    return this.toTokens(session, user);
  }

  /** The pair of tokens that belongs to a login's present counter; asked twice, it is the same pair. */
  toTokens(session: Session, user: User): TokensView {
    const principal = Principal.user(user.id, session.id, user.role);
    return {
      user: toMeView(user, this.clock.now()),
      accessToken: this.tokens.sign(principal, { at: session.rotatedAt, counter: session.counter }),
      refreshToken: this.refreshTokenOf(session),
      expiresIn: this.config.auth.accessSeconds,
      tokenType: 'Bearer',
    };
  }

  /**
   * Uses up a login's refresh token. The row must be locked, or two tokens would follow one.
   *
   * @param previousHash the token before, which is forgiven for some seconds; null where it must not be
   */
  async rotate(tx: Tx, session: Session, previousHash: string | null = session.refreshHash): Promise<Session> {
    const now = this.clock.now();
    const counter = session.counter + 1;
    const columns = {
      counter,
      refreshHash: secretHash(this.refreshTokenOf({ id: session.id, counter })),
      previousHash,
      rotatedAt: now,
      usedAt: now,
      expiresAt: now + this.config.auth.refreshDays * DAY_MS,
    };
    await tx.manager.update(Session, { id: session.id }, columns);
    return { ...session, ...columns };
  }

  /** A fresh pair of tokens for a login of the user's. Nobody gets it for the token before, as after a lost answer. */
  async renew(tx: Tx, sessionId: string, user: User): Promise<TokensView> {
    const session = await this.lock(tx, sessionId);
    if (!session || session.revokedAt !== null) throw new ChatError('UNAUTHORIZED');
    return this.toTokens(await this.rotate(tx, session, null), user);
  }

  /** Locks a login's row until the transaction ends. */
  async lock(tx: Tx, sessionId: string): Promise<Session | null> {
    await tx.query(`SELECT id FROM sessions WHERE id = ?${forUpdate(tx)}`, [sessionId]);
    return tx.manager.findOneBy(Session, { id: sessionId });
  }

  /** The user's living logins, newest first: up to `limit` of those older than `before`. */
  listOf(userId: string, { before, limit }: { readonly before?: string; readonly limit: number }): Promise<Session[]> {
    const older = before === undefined ? {} : { id: LessThan(before) };
    const where = { userId, revokedAt: IsNull(), expiresAt: MoreThan(this.clock.now()), ...older };
    return this.sessions.find({ where, order: { id: 'DESC' }, take: limit });
  }

  /**
   * Ends logins of a user: all, one, or all but one. Their connections are closed before the unit of work returns.
   *
   * @returns how many ended
   */
  async end(
    tx: Tx,
    userId: string,
    which: { readonly only?: string; readonly except?: string; readonly reason: CloseReason },
  ): Promise<number> {
    const { only, except, reason } = which;
    const chosen = [only === undefined ? '' : ' AND id = ?', except === undefined ? '' : ' AND id <> ?'].join('');
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM sessions WHERE userId = ? AND revokedAt IS NULL${chosen} ORDER BY id${forUpdate(tx)}`,
      [userId, only, except].filter((value) => value !== undefined),
    );
    const ended = rows.map(({ id }) => id);
    for (let at = 0; at < ended.length; at += AT_ONCE) {
      const some = ended.slice(at, at + AT_ONCE);
      const sql = `UPDATE sessions SET revokedAt = ?, reason = ? WHERE id IN (${placeholders(some)})`;
      await tx.execute(sql, [this.clock.now(), reason, ...some]);
    }
    if (ended.length > 0) await this.hub.emit(tx, 'SessionsEnded', { userId, sessionIds: ended, reason });
    return ended.length;
  }

  private refreshTokenOf({ id, counter }: Pick<Session, 'id' | 'counter'>): string {
    return makeRefreshToken(this.config.auth.refreshSecret, { sessionId: id, counter });
  }
}
