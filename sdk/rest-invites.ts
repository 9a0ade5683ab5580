import type { InvitePreview, InviteView } from '../src/protocol/room-views.js';
import type { MemberRoomView, Page } from '../src/protocol/views.js';
import type { PageAsk } from './page-ask.js';
import type { RestCaller } from './rest-caller.js';

/** How far an invite is to go; null or nothing: without an end. */
export interface InviteDraft {
  readonly maxUses?: number | null;
  readonly expiresInSeconds?: number | null;
}

/** The REST calls of invites. */
export class InvitesApi {
  constructor(private readonly caller: RestCaller) {}

  /**
   * Makes a link that lets people into a room.
   *
   * @param key makes a repeat of the same call the same invite; made up where it is left out
   */
  create(roomId: string, draft: InviteDraft = {}, key = this.caller.newId()): Promise<InviteView> {
    return this.caller.send({ method: 'POST', path: `/rooms/${roomId}/invites`, body: draft, key });
  }

  /** Those of a room that are in force, in the order of their making. */
  list(roomId: string, page: PageAsk = {}): Promise<Page<InviteView>> {
    return this.caller.send({ method: 'GET', path: `/rooms/${roomId}/invites`, query: { ...page } });
  }

  revoke(roomId: string, code: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/rooms/${roomId}/invites/${code}` });
  }

  revokeAll(roomId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/rooms/${roomId}/invites` });
  }

  /** What one would join. */
  preview(code: string): Promise<InvitePreview> {
    return this.caller.send({ method: 'GET', path: `/invites/${code}` });
  }

  /** Joins; for a member nothing changes. */
  accept(code: string): Promise<MemberRoomView> {
    return this.caller.send({ method: 'POST', path: `/invites/${code}/accept` });
  }
}
