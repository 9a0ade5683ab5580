import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { Reads } from '../database/reads.js';
import type { Tx } from '../database/tx.js';
import { PreferencesQueries } from '../users/preferences.queries.js';
import { blockedEitherWay, friendsAmong } from './friends.queries.js';

/** Why somebody may not write to another user directly, or add him to rooms. */
export type ContactBar = 'BLOCKED' | 'CONTACT_CLOSED';

/**
 * Who may write to whom directly and add whom to rooms. Where one has blocked the other, neither may (`BLOCKED`);
 * else the other one's preference decides: everybody, his friends, or nobody (`CONTACT_CLOSED`).
 */
@Injectable()
export class FriendsAccess {
  constructor(
    private readonly reads: Reads,
    private readonly preferences: PreferencesQueries,
  ) {}

  /** Throws `BLOCKED` or `CONTACT_CLOSED` where one of the users may not be contacted. Exact where they are locked. */
  async requireContact(tx: Tx, fromId: string, toIds: readonly string[]): Promise<void> {
    const [bar] = (await this.barsIn(tx, fromId, toIds)).values();
    if (bar) throw new ChatError(bar);
  }

  /** Why `fromId` may not contact these users, by their ids; who is not in it may be contacted. */
  async barsIn(tx: Tx, fromId: string, toIds: readonly string[]): Promise<ReadonlyMap<string, ContactBar>> {
    const preferences = await this.preferences.in(tx, toIds);
    const closed = (contact: string) => toIds.filter((id) => preferences.get(id)?.contact === contact);
    return this.bars(tx, { fromId, toIds, forFriends: closed('friends'), forNobody: closed('nobody') });
  }

  /** Why one of two users may not write to the other, by the id of who may not. */
  async barsBetween(tx: Tx, [one, other]: readonly [string, string]): Promise<ReadonlyMap<string, ContactBar>> {
    const blocked = await blockedEitherWay(tx, one, [other]);
    if (blocked.size > 0) return new Map([one, other].map((id) => [id, 'BLOCKED']));
    const preferences = await this.preferences.in(tx, [one, other]);
    const contactOf = (id: string) => preferences.get(id)?.contact ?? 'everybody';
    if (contactOf(one) === 'everybody' && contactOf(other) === 'everybody') return new Map();
    const areFriends = (await friendsAmong(tx, one, [other])).size > 0;
    const isOpen = (id: string) => contactOf(id) === 'everybody' || (contactOf(id) === 'friends' && areFriends);
    const closed = [
      [one, other],
      [other, one],
    ].filter(([, to]) => !isOpen(to));
    return new Map(closed.map(([from]) => [from, 'CONTACT_CLOSED']));
  }

  /** Why `fromId` may not contact a user: what holds now, and may not a moment later. */
  async findBar(fromId: string, toId: string): Promise<ContactBar | null> {
    const contact = (await this.preferences.of([toId])).get(toId)?.contact;
    const closed = (choice: string) => (contact === choice ? [toId] : []);
    const ask = { fromId, toIds: [toId], forFriends: closed('friends'), forNobody: closed('nobody') };
    return (await this.bars(this.reads, ask)).get(toId) ?? null;
  }

  private async bars(
    from: Pick<Tx, 'query'>,
    ask: {
      readonly fromId: string;
      readonly toIds: readonly string[];
      readonly forFriends: readonly string[];
      readonly forNobody: readonly string[];
    },
  ): Promise<ReadonlyMap<string, ContactBar>> {
    const { fromId, toIds, forFriends, forNobody } = ask;
    const friends = await friendsAmong(from, fromId, forFriends);
    const blocked = await blockedEitherWay(from, fromId, toIds);
    const closed = [...forNobody, ...forFriends.filter((id) => !friends.has(id))];
    return new Map<string, ContactBar>(
      // The last one counts: a block is the stronger reason.
      [
        ...closed.map((id) => [id, 'CONTACT_CLOSED'] as const),
        ...[...blocked].map((id) => [id, 'BLOCKED'] as const),
      ].filter(([id]) => id !== fromId),
    );
  }
}
