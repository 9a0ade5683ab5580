import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { AccessTokens, ExpiredToken } from '../auth/access-tokens.service.js';
import { EndedSession, LiveSessions } from '../auth/live-sessions.service.js';
import { LoginsService } from '../auth/logins.service.js';
import { TicketsService } from '../auth/tickets.service.js';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import type { CloseReason } from '../protocol/close-codes.js';
import type { SessionStart } from '../protocol/commands.js';
import type { Connection } from './connection.js';

/** Who is at the other end, and until when he may be. */
export interface Authorised {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
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
  async authorise(connection: Connection, { token, ticket, device }: SessionStart): Promise<Authorised> {
    try {
      const given = token ?? connection.upgraded.bearer ?? '';
      const authorised = await (ticket === undefined ? this.verify(given) : this.redeem(ticket));
      if (device !== undefined) await this.logins.nameDevice(authorised.principal, device);
      return authorised;
    } catch (error) {
      if (error instanceof ChatError) connection.closeAfterReply(closeReasonOf(error));
      throw error;
    }
  }

  /** An access token whose login lives. Throws `UNAUTHORIZED`. */
  async verify(token: string): Promise<Authorised> {
    const { principal, expiresAt } = this.tokens.verify(token);
    return { principal: await this.sessions.requireFresh(principal.sessionId), expiresAt };
  }

  /** A ticket has no end of its own: the connection may stay as long as with a token that was made now. */
  private async redeem(ticket: string): Promise<Authorised> {
    const principal = await this.sessions.requireFresh(await this.tickets.redeem(ticket));
    return { principal, expiresAt: this.clock.now() + this.config.auth.accessSeconds * 1000 };
  }
}

function closeReasonOf(error: ChatError): CloseReason {
  if (error instanceof EndedSession) return error.reason;
  return error instanceof ExpiredToken ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID';
}
