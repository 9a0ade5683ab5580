import type { BlockView, FriendRequestView, FriendView, Page } from '../src/protocol/views.js';
import type { PageAsk } from './page-ask.js';
import type { RestCaller } from './rest-caller.js';

/** The REST calls of friends and blocks. */
export class FriendsApi {
  constructor(private readonly caller: RestCaller) {}

  /** One's friends, in the order of their ids. */
  list(page: PageAsk = {}): Promise<Page<FriendView>> {
    return this.caller.send({ method: 'GET', path: '/friends', query: { ...page } });
  }

  /** Open requests, newest first: of others to oneself, or one's own. */
  requests(direction: 'incoming' | 'outgoing', page: PageAsk = {}): Promise<Page<FriendRequestView>> {
    return this.caller.send({ method: 'GET', path: '/friends/requests', query: { direction, ...page } });
  }

  /**
   * Asks somebody to be friends. Where he has asked already, the two are friends, and he is the answer.
   *
   * @param key makes a repeat of the same call the same request; made up where it is left out
   */
  ask(userId: string, message?: string, key = this.caller.newId()): Promise<FriendRequestView | FriendView> {
    return this.caller.send({ method: 'POST', path: '/friends/requests', body: { userId, message }, key });
  }

  accept(requestId: string): Promise<void> {
    return this.caller.send({ method: 'POST', path: `/friends/requests/${requestId}/accept` });
  }

  decline(requestId: string): Promise<void> {
    return this.caller.send({ method: 'POST', path: `/friends/requests/${requestId}/decline` });
  }

  /** Takes one's own request back. */
  cancel(requestId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/friends/requests/${requestId}` });
  }

  /** What one calls a friend, for oneself alone; null for no name. */
  setAlias(userId: string, alias: string | null): Promise<FriendView> {
    return this.caller.send({ method: 'PATCH', path: `/friends/${userId}`, body: { alias } });
  }

  remove(userId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/friends/${userId}` });
  }

  /** Whom one has blocked. */
  blocks(page: PageAsk = {}): Promise<Page<BlockView>> {
    return this.caller.send({ method: 'GET', path: '/blocks', query: { ...page } });
  }

  block(userId: string): Promise<BlockView> {
    return this.caller.send({ method: 'PUT', path: `/blocks/${userId}` });
  }

  unblock(userId: string): Promise<void> {
    return this.caller.send({ method: 'DELETE', path: `/blocks/${userId}` });
  }
}
