import { Injectable } from '@nestjs/common';
import { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { Reads } from '../database/reads.js';
import { EventHub } from '../events/event-hub.js';
import type { CloseReason } from '../protocol/close-codes.js';
import type { UserRole } from '../protocol/views.js';
import { SHOWN_COLUMNS, type ShownUser } from '../users/user.view.js';
import { toUser } from '../users/users.queries.js';

/** How old a copy may be. Without the bus, this is how long an ended login still gets answers on other nodes. */
const COPY_MS = 5000;
const COPIES = 50_000;

/** Why a login is not good, with the reason its connections close for. */
export class EndedSession extends ChatError {
  constructor(readonly reason: CloseReason) {
    super('UNAUTHORIZED', { detail: 'This login has ended.' });
  }
}

interface Copy {
  readonly principal: Principal;
  readonly readAt: number;
}

interface Row {
  readonly userId: string;
  readonly role: UserRole;
  readonly status: string;
  readonly revokedAt: number | null;
  readonly expiresAt: number;
  readonly reason: CloseReason | null;
}

interface LoginOfUser extends Omit<ShownUser, 'preferences'> {
  readonly preferences: string;
  readonly loginRevokedAt: number | null;
  readonly loginExpiresAt: number;
  readonly loginReason: CloseReason | null;
}

const SHOWN = SHOWN_COLUMNS.map((name) => `u.${name} AS ${name}`).join(', ');

const toLogin = ({ id, role, status, loginRevokedAt, loginExpiresAt, loginReason }: LoginOfUser): Row => ({
  userId: id,
  role,
  status,
  revokedAt: loginRevokedAt,
  expiresAt: loginExpiresAt,
  reason: loginReason,
});

/** Which logins live. Every request asks; the answer is a copy in memory that events drop at once. */
@Injectable()
export class LiveSessions {
  private readonly copies = new Map<string, Copy>();
  /** Counts ended logins, so that a row read before one ended is not kept after it. */
  private endings = 0;

  constructor(
    private readonly clock: Clock,
    private readonly reads: Reads,
    hub: EventHub,
  ) {
    hub.on('SessionsEnded', ({ sessionIds }) => this.forget(sessionIds));
  }

  /** The login's user with his present role, from a copy at most 5 s old. Throws an `EndedSession`. */
  async require(sessionId: string): Promise<Principal> {
    const copy = this.copies.get(sessionId);
    if (copy && Math.abs(this.clock.now() - copy.readAt) < COPY_MS) return copy.principal;
    const { endings } = this;
    const principal = await this.requireFresh(sessionId);
    if (endings === this.endings) this.keep(sessionId, principal);
    return principal;
  }

  /** The login's user with all that is shown of him, read now. Throws an `EndedSession`. */
  async requireWithUser(sessionId: string): Promise<{ principal: Principal; user: ShownUser }> {
    const rows = await this.reads.query<LoginOfUser>(
      `SELECT ${SHOWN}, s.revokedAt AS loginRevokedAt, s.expiresAt AS loginExpiresAt, s.reason AS loginReason
        FROM sessions s JOIN users u ON u.id = s.userId WHERE s.id = ?`,
      [sessionId],
    );
    const principal = this.check(sessionId, rows.map(toLogin)[0]);
    return { principal, user: toUser(rows[0]) };
  }

  /** The login's user, read now. Throws an `EndedSession`. */
  async requireFresh(sessionId: string): Promise<Principal> {
    const rows: Row[] = await this.reads.query(
      `SELECT s.userId AS userId, u.role AS role, u.status AS status, s.revokedAt AS revokedAt,
        s.expiresAt AS expiresAt, s.reason AS reason
        FROM sessions s JOIN users u ON u.id = s.userId WHERE s.id = ?`,
      [sessionId],
    );
    return this.check(sessionId, rows[0]);
  }

  private check(sessionId: string, row: Row | undefined): Principal {
    const reason = row ? this.reasonOf(row) : 'TOKEN_INVALID';
    if (!row || reason) {
      this.copies.delete(sessionId);
      throw new EndedSession(reason ?? 'TOKEN_INVALID');
    }
    return Principal.user(row.userId, sessionId, row.role);
  }

  private reasonOf(row: Row): CloseReason | null {
    if (row.status === 'suspended') return 'SUSPENDED';
    if (row.status !== 'active') return 'SESSION_REVOKED';
    if (row.revokedAt !== null) return row.reason ?? 'SESSION_REVOKED';
    return Number(row.expiresAt) <= this.clock.now() ? 'SESSION_REVOKED' : null;
  }

  private keep(sessionId: string, principal: Principal): void {
    if (this.copies.size >= COPIES) this.copies.clear();
    this.copies.set(sessionId, { principal, readAt: this.clock.now() });
  }

  private forget(sessionIds: readonly string[]): void {
    this.endings++;
    for (const sessionId of sessionIds) this.copies.delete(sessionId);
  }
}
