import type { Events } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { BlockView, FriendRequestView, FriendView, Page } from '../src/protocol/views.js';
import type { PageAsk } from './page-ask.js';
import type { FriendsApi } from './rest-friends.js';

/** The lists of a user's people, as the server has them at one moment or a little later. */
export interface PeopleLists {
  readonly friends: readonly FriendView[];
  readonly incoming: readonly FriendRequestView[];
  readonly outgoing: readonly FriendRequestView[];
  readonly blocks: readonly BlockView[];
}

const PAGE = 100;

/**
 * Who the user's friends are, which requests are open, and whom he has blocked. Every event says what is from then on,
 * so one that the lists knew of already changes nothing for good.
 */
export class PeopleBook {
  readonly #friendsById = new Map<string, FriendView>();
  readonly #requestsById = new Map<string, FriendRequestView>();
  readonly #blocked = new Set<string>();

  /** The user's friends, by their ids. */
  get friends(): ReadonlyMap<string, FriendView> {
    return this.#friendsById;
  }

  /** Open requests, to the user and by him, by the request's id. */
  get requests(): ReadonlyMap<string, FriendRequestView> {
    return this.#requestsById;
  }

  /** The ids of those whom the user has blocked. */
  get blocks(): ReadonlySet<string> {
    return this.#blocked;
  }

  /** Takes lists that were read afresh. */
  adopt({ friends, incoming, outgoing, blocks }: PeopleLists): void {
    this.clear();
    for (const friend of friends) this.#friendsById.set(friend.id, friend);
    for (const request of [...incoming, ...outgoing]) this.#requestsById.set(request.id, request);
    for (const { user } of blocks) this.#blocked.add(user.id);
  }

  /** Takes a private event; says whether it was about people. */
  apply({ event, data }: ServerFrame): boolean {
    switch (event) {
      case 'friend.requested':
        this.#requestsById.set((data as FriendRequestView).id, data as FriendRequestView);
        return true;
      case 'friend.accepted':
      case 'friend.updated':
        this.#befriend(data as FriendView);
        return true;
      case 'friend.removed':
        this.#friendsById.delete((data as Events['friend.removed']).userId);
        return true;
      case 'friend.requestClosed':
        this.#requestsById.delete((data as Events['friend.requestClosed']).id);
        return true;
      case 'block.updated':
        this.#setBlocked(data as Events['block.updated']);
        return true;
      default:
        return false;
    }
  }

  clear(): void {
    this.#friendsById.clear();
    this.#requestsById.clear();
    this.#blocked.clear();
  }

  /** Whoever is a friend has no open request any more. */
  #befriend(friend: FriendView): void {
    this.#friendsById.set(friend.id, friend);
    for (const [id, { from, to }] of this.#requestsById) {
      if (from.id === friend.id || to.id === friend.id) this.#requestsById.delete(id);
    }
  }

  #setBlocked({ userId, blocked }: Events['block.updated']): void {
    if (blocked) this.#blocked.add(userId);
    else this.#blocked.delete(userId);
  }
}

/** Reads all pages of the lists, one list after the other. */
export async function fetchPeople(api: FriendsApi): Promise<PeopleLists> {
  return {
    friends: await allOf((page) => api.list(page)),
    incoming: await allOf((page) => api.requests('incoming', page)),
    outgoing: await allOf((page) => api.requests('outgoing', page)),
    blocks: await allOf((page) => api.blocks(page)),
  };
}

async function allOf<T>(fetchPage: (page: PageAsk) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await fetchPage({ cursor, limit: PAGE });
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = page.next;
  }
}
