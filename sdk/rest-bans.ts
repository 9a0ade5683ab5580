import type { BanView, Page } from '../src/protocol/views.js';
import type { PageAsk } from './page-ask.js';
import type { RestCaller } from './rest-caller.js';

/** Why, and until when (RFC 3339); without an end, for good. */
export interface BanDraft {
  readonly reason?: string;
  readonly until?: string;
}

/** The REST calls of bans. */
export class BansApi {
  constructor(private readonly caller: RestCaller) {}

  /** Who may not come into a room. */
  list(roomId: string, page: PageAsk = {}): Promise<Page<BanView>> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/bans`, query: { ...page } });
  }

  /** Bans a user; a member is removed by it. */
  put(roomId: string, userId: string, draft: BanDraft = {}): Promise<BanView> {
    return this.caller.send({ method: 'PUT', path: `/rooms/${roomId}/bans/${userId}`, body: draft });
  }

  /** Ends a ban. */
  lift(roomId: string, userId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/rooms/${roomId}/bans/${userId}` });
  }
}
