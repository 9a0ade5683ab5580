import type { MeView, Page, SessionView, TicketView, TokensView } from '../src/protocol/views.js';
import type { PageAsk } from './page-ask.js';
import type { RestCaller } from './rest-caller.js';

/** The REST calls of one's logins. */
export class SessionsApi {
  constructor(private readonly caller: RestCaller) {}

  /** One's logins on all devices; `current` marks this one. */
  list(page: PageAsk = {}): Promise<Page<SessionView>> {
    return this.caller.send({ method: 'GET', path: '/auth/sessions', query: { ...page } });
  }

  /** Ends a login. */
  end(id: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/auth/sessions/${id}` });
  }

  /** Ends every login but this one. */
  endOthers(): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: '/auth/sessions' });
  }

  /** Sets another password. All other logins end; this one goes on with fresh tokens. */
  async changePassword(currentPassword: string, newPassword: string): Promise<MeView> {
    const body = { currentPassword, newPassword };
    const tokens = await this.caller.send<TokensView>({ method: 'POST', path: '/auth/password', body });
    this.caller.tokens.accept(tokens);
    return tokens.user;
  }

  /** A ticket that opens one socket, once, for programs that cannot send a token. This client needs none. */
  ticket(): Promise<TicketView> {
    return this.caller.send({ method: 'POST', path: '/auth/ws-tickets' });
  }
}
