import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Principal } from '../access/principal.js';
import { AccessTokens, ExpiredToken } from '../auth/access-tokens.service.js';
import { EndedSession, LiveSessions } from '../auth/live-sessions.service.js';
import { LoginsService } from '../auth/logins.service.js';
import { TicketsService } from '../auth/tickets.service.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import type { CloseReason } from '../protocol/close-codes.js';
import type { SessionStart } from '../protocol/commands.js';
import type { ShownUser } from '../users/user.view.js';
import type { Connection } from './connections/connection.js';

/** What somebody has shown: a login of ours, which may have ended. */
export interface Shown {
  readonly userId: string;
  readonly sessionId: string;
  /** Until when the connection may stay, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** Who is at the other end. */
export interface Admitted {
  readonly principal: Principal;
  readonly user: ShownUser;
}

/** Who a socket belongs to. Its login is read afresh: a copy in memory could be some seconds behind. */
@Injectable()
export class SocketAuth {
  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly tokens: AccessTokens,
    private readonly sessions: LiveSessions,
    private readonly tickets: TicketsService,
    private readonly logins: LoginsService,
  ) {}

  /**
   * By the token, the ticket, or the bearer token of the upgrade.
   *
   * @throws ChatError `UNAUTHORIZED`; the connection closes behind it with the code that says what the client is to do
   */
  identify(connection: Connection, { token, ticket }: SessionStart): Promise<Shown> {
    const given = token ?? connection.upgraded.bearer ?? '';
    return closing(connection, async () => (ticket === undefined ? this.shownBy(given) : this.redeem(ticket)));
  }

  /**
   * Whether the login lives, and its user as he is now. To be asked once the connection hears of both: what becomes of
   * them later then reaches it.
   *
   * @throws ChatError `UNAUTHORIZED`, as above
   */
  admit(connection: Connection, { userId, sessionId }: Shown, device: string | undefined): Promise<Admitted> {
    return closing(connection, async () => {
      const admitted = await this.sessions.requireWithUser(sessionId);
      if (admitted.user.id !== userId) throw new ChatError('UNAUTHORIZED');
      if (device !== undefined) await this.logins.nameDevice(admitted.principal, device);
      // Of the very texts that the connection is known by: the row's would be a second copy for as long as it lives.
      return { ...admitted, principal: Principal.user(userId, sessionId, admitted.user.role) };
    });
  }

  /** A newer access token of a login that lives. Throws `UNAUTHORIZED`. */
  async verify(token: string): Promise<Shown> {
    const shown = this.shownBy(token);
    await this.sessions.requireFresh(shown.sessionId);
    return shown;
  }

  private shownBy(token: string): Shown {
    const { principal, expiresAt } = this.tokens.verify(token);
    return { userId: principal.userId, sessionId: principal.sessionId, expiresAt };
  }

  /** A ticket has no end of its own: the connection may stay as long as with a token that was made now. */
  private async redeem(ticket: string): Promise<Shown> {
    const { userId, sessionId } = await this.sessions.requireFresh(await this.tickets.redeem(ticket));
    return { userId, sessionId, expiresAt: this.clock.now() + this.config.auth.accessSeconds * 1000 };
  }
}

/** The bearer token of a request, where it has one. */
export function bearerOf({ headers }: IncomingMessage): string | null {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

async function closing<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A database that is away says nothing about the login.
    if (error instanceof ChatError && error.code === 'UNAUTHORIZED') connection.closeAfterReply(closeReasonOf(error));
    throw error;
  }
}

function closeReasonOf(error: ChatError): CloseReason {
  if (error instanceof EndedSession) return error.reason;
  return error instanceof ExpiredToken ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID';
}
