import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { ClosedReason } from '../protocol/events.js';
import type { FriendRequestView, UserView } from '../protocol/views.js';
import { UserRevs } from '../users/user-revs.service.js';
import { UsersService } from '../users/users.service.js';
import { toFriendView, toRequestView } from './friend.view.js';
import { Friendship } from './friendship.entity.js';
import { FriendNews } from './friend-news.service.js';

/** One change of what two users are to each other; made anew for each attempt of the unit of work. */
export class PairEdit {
  constructor(
    readonly tx: Tx,
    readonly now: number,
    private readonly facts: {
      readonly row: Friendship | null;
      readonly active: ReadonlySet<string>;
      readonly users: ReadonlyMap<string, UserView>;
    },
  ) {}

  /** What the two are to each other: friends, one has asked the other, or nothing. */
  get row(): Friendship | null {
    return this.facts.row;
  }

  isActive(userId: string): boolean {
    return this.facts.active.has(userId);
  }

  /** Throws `NOT_FOUND` for somebody who does not exist or has deleted his account. */
  userOf(userId: string): UserView {
    const user = this.facts.users.get(userId);
    if (!user) throw new ChatError('NOT_FOUND');
    return user;
  }

  requestView(row: Friendship): FriendRequestView {
    return toRequestView(row, this.userOf(row.requestedBy), this.userOf(row.requestedTo));
  }
}

/** Changes of pairs: locks both users, so that two changes of one pair never overlap, and tells both sides. */
@Injectable()
export class FriendEdits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly revs: UserRevs,
    private readonly users: UsersService,
    private readonly hub: EventHub,
    private readonly news: FriendNews,
  ) {}

  /**
   * Locks the two users, the caller first in `pair`, reads who they are and what they are to each other, and runs
   * `work`, which may run more than once.
   *
   * @throws ChatError `UNAUTHORIZED` where the caller's account has ended while the request was on its way
   */
  async run<T>(pair: readonly [caller: string, other: string], work: (edit: PairEdit) => Promise<T>): Promise<T> {
    const [userLow, userHigh] = [...pair].sort();
    return this.uow.run(async (tx) => {
      const active = await this.revs.lock(tx, pair);
      if (!active.has(pair[0])) throw new ChatError('UNAUTHORIZED');
      const users = await this.users.viewsIn(tx, pair);
      const row = await tx.manager.findOneBy(Friendship, { userLow, userHigh });
      return work(new PairEdit(tx, this.clock.now(), { row, active, users }));
    });
  }

  /** Stores a request. Tells `friend.requested` to both. */
  async request(edit: PairEdit, row: Friendship): Promise<FriendRequestView> {
    await insertRows(edit.tx, 'friendships', [{ ...row }]);
    const data = edit.requestView(row);
    const { requestedBy, requestedTo } = row;
    await this.news.tell(edit.tx, 'friend.requested', [
      { userId: requestedBy, data },
      { userId: requestedTo, data },
    ]);
    return data;
  }

  /** Makes friends of the two. Tells `friend.accepted` to both, each with the other one, `FriendshipChanged` and `ContactsChanged`. */
  async befriend(edit: PairEdit, row: Friendship): Promise<Friendship> {
    const { userLow, userHigh } = row;
    const change = { state: 'accepted', acceptedAt: edit.now } as const;
    await edit.tx.manager.update(Friendship, { userLow, userHigh }, change);
    const friendship: Friendship = { ...row, ...change };
    await this.news.tell(edit.tx, 'friend.accepted', [
      { userId: userLow, data: toFriendView(friendship, edit.userOf(userHigh)) },
      { userId: userHigh, data: toFriendView(friendship, edit.userOf(userLow)) },
    ]);
    await this.hub.emit(edit.tx, 'FriendshipChanged', { userIds: [userLow, userHigh], areFriends: true });
    await this.hub.emit(edit.tx, 'ContactsChanged', { pairs: [[userLow, userHigh]] });
    return friendship;
  }

  /** Ends a friendship. Tells `friend.removed` to both, `FriendshipChanged` and `ContactsChanged`. */
  async part(tx: Tx, { userLow, userHigh }: Friendship): Promise<void> {
    await tx.manager.delete(Friendship, { userLow, userHigh });
    await this.news.tell(tx, 'friend.removed', [
      { userId: userLow, data: { userId: userHigh } },
      { userId: userHigh, data: { userId: userLow } },
    ]);
    await this.hub.emit(tx, 'FriendshipChanged', { userIds: [userLow, userHigh], areFriends: false });
    await this.hub.emit(tx, 'ContactsChanged', { pairs: [[userLow, userHigh]] });
  }

  /**
   * Ends an open request by the doing of one of the two. Tells `friend.requestClosed` to both: who asked and did not
   * end it himself learns only that it is closed, not whether he was declined or blocked, or the account has gone.
   */
  async close(tx: Tx, row: Friendship, byId: string): Promise<void> {
    const { userLow, userHigh, requestedBy, requestedTo, requestId: id } = row;
    await tx.manager.delete(Friendship, { userLow, userHigh });
    const isCancelled = byId === requestedBy;
    const told = (reason: ClosedReason) => ({ id, reason });
    await this.news.tell(tx, 'friend.requestClosed', [
      { userId: requestedBy, data: told(isCancelled ? 'cancelled' : 'closed') },
      { userId: requestedTo, data: told(isCancelled ? 'cancelled' : 'declined') },
    ]);
  }

  /** Ends whatever the two are to each other, as a plain removal, cancelling or declining would. */
  async end(tx: Tx, row: Friendship, byId: string): Promise<void> {
    await (row.state === 'accepted' ? this.part(tx, row) : this.close(tx, row, byId));
  }
}
