import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import { EventHub } from '../events/event-hub.js';
import { UserTies } from '../users/user-ties.service.js';
import { UsersService } from '../users/users.service.js';
import type { Block } from './block.entity.js';
import { FriendNews } from './friend-news.service.js';
import { otherOf, toFriendView, toRequestView } from './friend.view.js';
import type { Friendship } from './friendship.entity.js';
import { toFriendship } from './friendship.queries.js';

/** The pairs of one user: friends, and who has asked whom. */
interface Pairs {
  readonly userId: string;
  readonly friendships: readonly Friendship[];
  readonly requests: readonly Friendship[];
}

/**
 * What becomes of friends, requests and blocks when an account ends, for good or for a while, in the same transaction.
 * The others are told what a plain removal, cancelling, declining or unblocking would tell them; a suspended user is
 * nobody's friend until he is back, and then they are told as if it had begun anew.
 */
@Injectable()
export class AccountEnds implements OnModuleInit {
  constructor(
    private readonly ties: UserTies,
    private readonly users: UsersService,
    private readonly news: FriendNews,
    private readonly hub: EventHub,
  ) {}

  onModuleInit(): void {
    this.ties.add(tiedTo);
    this.hub.onInTransaction('UserDeleted', (tx, { userId }) => this.endAll(tx, userId));
    this.hub.onInTransaction('UserSuspended', (tx, { userId }) => this.rest(tx, userId));
    this.hub.onInTransaction('UserReinstated', (tx, { userId }) => this.comeBack(tx, userId));
  }

  /** His direct rooms are archived with his other rooms, which says more than that nobody may write to him. */
  private async endAll(tx: Tx, userId: string): Promise<void> {
    const blocks = await bothSides<Block>(tx, userId, BLOCKS);
    const blockers = blocks.map(({ blockerId }) => blockerId).filter((id) => id !== userId);
    const pairs = await pairsOf(tx, userId);
    await deleteBothSides(tx, userId, FRIENDSHIPS);
    await deleteBothSides(tx, userId, BLOCKS);
    await this.tellGone(tx, pairs);
    const data = { userId, blocked: false };
    await this.news.tell(
      tx,
      'block.updated',
      blockers.map((blockerId) => ({ userId: blockerId, data })),
    );
    for (const { blockerId, blockedId } of blocks) {
      await this.hub.emit(tx, 'BlockChanged', { blockerId, blockedId, isBlocked: false });
    }
  }

  private async rest(tx: Tx, userId: string): Promise<void> {
    const pairs = await pairsOf(tx, userId);
    await this.tellGone(tx, pairs);
    await this.tellContacts(tx, pairs);
  }

  private async comeBack(tx: Tx, userId: string): Promise<void> {
    const pairs = await pairsOf(tx, userId);
    await this.tellBack(tx, pairs);
    await this.tellContacts(tx, pairs);
  }

  private async tellGone(tx: Tx, { userId, friendships, requests }: Pairs): Promise<void> {
    const newsOf = (rows: readonly Friendship[], dataOf: (row: Friendship) => object) =>
      rows.map((row) => ({ userId: otherOf(row, userId), data: dataOf(row) }));
    const closed = ({ requestId: id, requestedBy }: Friendship) => ({
      id,
      reason: requestedBy === userId ? 'cancelled' : 'closed',
    });
    await this.news.tell(
      tx,
      'friend.removed',
      newsOf(friendships, () => ({ userId })),
    );
    await this.news.tell(tx, 'friend.requestClosed', newsOf(requests, closed));
    await this.tellFriendships(tx, friendships, false);
  }

  private async tellBack(tx: Tx, { userId, friendships, requests }: Pairs): Promise<void> {
    const users = await this.users.viewsIn(tx, [userId, ...requests.map((row) => otherOf(row, userId))]);
    const user = users.get(userId);
    if (!user) return;
    await this.news.tell(
      tx,
      'friend.accepted',
      friendships.map((row) => ({ userId: otherOf(row, userId), data: toFriendView(row, user) })),
    );
    const asked = requests.flatMap((row) => {
      const [from, to] = [users.get(row.requestedBy), users.get(row.requestedTo)];
      return from && to ? [{ userId: otherOf(row, userId), data: toRequestView(row, from, to) }] : [];
    });
    await this.news.tell(tx, 'friend.requested', asked);
    await this.tellFriendships(tx, friendships, true);
  }

  private async tellFriendships(tx: Tx, rows: readonly Friendship[], areFriends: boolean): Promise<void> {
    for (const { userLow, userHigh } of rows) {
      await this.hub.emit(tx, 'FriendshipChanged', { userIds: [userLow, userHigh], areFriends });
    }
  }

  private async tellContacts(tx: Tx, { friendships }: Pairs): Promise<void> {
    const pairs = friendships.map(({ userLow, userHigh }) => [userLow, userHigh] as const);
    await this.hub.emit(tx, 'ContactsChanged', { pairs });
  }
}

/** The pairs of a user who is locked with all who are tied to him, so that they stay as they are. */
async function pairsOf(tx: Tx, userId: string): Promise<Pairs> {
  const rows = (await bothSides<Friendship>(tx, userId, FRIENDSHIPS)).map(toFriendship);
  const of = (wanted: Friendship['state']) => rows.filter(({ state }) => state === wanted);
  return { userId, friendships: of('accepted'), requests: of('pending') };
}

/** Friends, who has asked whom, and who has blocked him: they are told. */
async function tiedTo(tx: Tx, userId: string): Promise<string[]> {
  const friendships = await bothSides<Friendship>(tx, userId, FRIENDSHIPS);
  const blocks = await bothSides<Block>(tx, userId, BLOCKS);
  const blockers = blocks.map(({ blockerId }) => blockerId);
  return [...friendships.map((row) => otherOf(row, userId)), ...blockers];
}

type Sides = readonly [table: string, one: string, other: string];
const FRIENDSHIPS: Sides = ['friendships', 'userLow', 'userHigh'];
const BLOCKS: Sides = ['blocks', 'blockerId', 'blockedId'];

async function bothSides<Row>(tx: Tx, userId: string, [table, one, other]: Sides): Promise<Row[]> {
  const of = (side: string) => tx.query<Row>(`SELECT * FROM ${table} WHERE ${side} = ?`, [userId]);
  return [...(await of(one)), ...(await of(other))];
}

async function deleteBothSides(tx: Tx, userId: string, [table, one, other]: Sides): Promise<void> {
  for (const side of [one, other]) await tx.execute(`DELETE FROM ${table} WHERE ${side} = ?`, [userId]);
}
