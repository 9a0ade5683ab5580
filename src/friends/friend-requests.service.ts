import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import { IdempotencyKeys } from '../limits/idempotency-keys.service.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { FriendRequestView, FriendView, Page } from '../protocol/views.js';
import { UsersService } from '../users/users.service.js';
import { FriendCounts } from './friend-counts.service.js';
import { FriendEdits, type PairEdit } from './friend-edits.js';
import { otherOf, toFriendView, toRequestView } from './friend.view.js';
import { blockedEitherWay } from './friends.queries.js';
import type { Friendship } from './friendship.entity.js';
import { type Direction, FriendshipQueries } from './friendship.queries.js';

/** Whom to ask, with a note. */
export interface FriendAsk {
  readonly userId: string;
  readonly message?: string;
}

/** What came of asking: a request, or the friend where the other one had asked already. */
export interface Asked {
  readonly view: FriendRequestView | FriendView;
  readonly created: boolean;
}

interface ListAsk {
  readonly direction: Direction;
  readonly cursor?: string;
  readonly limit: number;
}

/** Asking somebody to be friends, and what becomes of it. */
@Injectable()
export class FriendRequestsService {
  constructor(
    private readonly edits: FriendEdits,
    private readonly queries: FriendshipQueries,
    private readonly counts: FriendCounts,
    private readonly keys: IdempotencyKeys,
    private readonly limits: RateLimits,
    private readonly users: UsersService,
  ) {}

  /**
   * Asks somebody to be friends; `friend.requested` goes to both. Where he has asked already the two become friends;
   * where the caller has, his open request is the answer. With a key that was used before: what was made then.
   *
   * @throws ChatError `VALIDATION_FAILED` for oneself; `NOT_FOUND` unless his account is active; `BLOCKED` where one has
   *   blocked the other; `CONFLICT` for friends; `QUOTA_EXCEEDED` with too many open requests or friends;
   *   `RATE_LIMITED`; `IDEMPOTENCY_CONFLICT`; `GONE` for a key whose request is closed
   */
  ask(principal: Principal, ask: FriendAsk, key?: string): Promise<Asked> {
    const { userId } = principal;
    requireOther(userId, ask.userId);
    this.limits.take('friendRequests', userId);
    return this.edits.run([userId, ask.userId], async (edit) => {
      const resourceId = edit.row?.requestId ?? newId();
      const earlier = await this.keys.use(edit.tx, { userId, key, body: ask, resourceId });
      if (earlier !== null) return { view: viewOfEarlier(edit, earlier, userId), created: false };
      return this.askIn(edit, userId, { ...ask, id: resourceId });
    });
  }

  /** Open requests, newest first. */
  async list({ userId }: Principal, { direction, cursor, limit }: ListAsk): Promise<Page<FriendRequestView>> {
    const [behind] = cursor === undefined ? [null] : decodeCursor(cursor, ['ulid']);
    const rows = await this.queries.requests(userId, direction, { behind, limit: limit + 1 });
    const { items, next } = toPage(rows, limit, ({ requestId }) => encodeCursor([requestId]));
    const users = await this.users.viewsOf([userId, ...items.map((row) => otherOf(row, userId))]);
    const views = items.flatMap((row) => {
      const [from, to] = [users.get(row.requestedBy), users.get(row.requestedTo)];
      return from && to ? [toRequestView(row, from, to)] : [];
    });
    return { items: views, next };
  }

  /**
   * Makes friends of the two; `friend.accepted` goes to both. To repeat it changes nothing.
   *
   * @throws ChatError `NOT_FOUND`; `FORBIDDEN` for who asked; `QUOTA_EXCEEDED` where one has too many friends
   */
  async accept(principal: Principal, id: string): Promise<void> {
    await this.change(principal, id, async (edit, row) => {
      if (row.requestedTo !== principal.userId) throw new ChatError('FORBIDDEN');
      if (row.state === 'accepted') return;
      if (!edit.isActive(row.requestedBy)) throw new ChatError('NOT_FOUND');
      await this.befriend(edit, row);
    });
  }

  /** Says no; who asked is told no more than that it is closed. Throws `NOT_FOUND`, or `FORBIDDEN` for who asked. */
  async decline(principal: Principal, id: string): Promise<void> {
    await this.close(principal, id, 'requestedTo');
  }

  /** Takes the caller's own request back. Throws `NOT_FOUND`, or `FORBIDDEN` for who was asked. */
  async cancel(principal: Principal, id: string): Promise<void> {
    await this.close(principal, id, 'requestedBy');
  }

  private async askIn(edit: PairEdit, userId: string, ask: FriendAsk & { id: string }): Promise<Asked> {
    const { tx, row } = edit;
    if (!edit.isActive(ask.userId)) throw new ChatError('NOT_FOUND');
    if ((await blockedEitherWay(tx, userId, [ask.userId])).size > 0) throw new ChatError('BLOCKED');
    if (row?.state === 'accepted') throw new ChatError('CONFLICT', { detail: 'You are friends already.' });
    if (row?.requestedBy === userId) return { view: edit.requestView(row), created: false };
    if (row) return { view: toFriendView(await this.befriend(edit, row), edit.userOf(ask.userId)), created: true };
    await this.counts.requireFewRequests(tx, userId);
    return { view: await this.request(edit, userId, ask), created: true };
  }

  private request(edit: PairEdit, userId: string, ask: FriendAsk & { id: string }): Promise<FriendRequestView> {
    const [userLow, userHigh] = [userId, ask.userId].sort();
    const asked = { requestedBy: userId, requestedTo: ask.userId, requestId: ask.id, message: ask.message ?? null };
    const blank = { aliasByLow: null, aliasByHigh: null, acceptedAt: null };
    const row: Friendship = { userLow, userHigh, state: 'pending', ...asked, ...blank, createdAt: edit.now };
    return this.edits.request(edit, row);
  }

  private async befriend(edit: PairEdit, row: Friendship): Promise<Friendship> {
    await this.counts.requireFewFriends(edit.tx, [row.userLow, row.userHigh]);
    return this.edits.befriend(edit, row);
  }

  private async close(principal: Principal, id: string, side: 'requestedBy' | 'requestedTo'): Promise<void> {
    await this.change(principal, id, async (edit, row) => {
      if (row.state === 'accepted') throw new ChatError('NOT_FOUND');
      if (row[side] !== principal.userId) throw new ChatError('FORBIDDEN');
      await this.edits.close(edit.tx, row, principal.userId);
    });
  }

  /** Runs a change of a request of the caller's, as it is under the lock. */
  private async change(
    { userId }: Principal,
    id: string,
    work: (edit: PairEdit, row: Friendship) => Promise<void>,
  ): Promise<void> {
    const found = await this.queries.ofRequest(id);
    if (!found || ![found.userLow, found.userHigh].includes(userId)) throw new ChatError('NOT_FOUND');
    await this.edits.run([userId, otherOf(found, userId)], async (edit) => {
      if (edit.row?.requestId !== id) throw new ChatError('NOT_FOUND');
      await work(edit, edit.row);
    });
  }
}

/** What a repeat of an earlier request is answered with. */
function viewOfEarlier(edit: PairEdit, requestId: string, userId: string): FriendRequestView | FriendView {
  const { row } = edit;
  if (row?.requestId !== requestId) throw new ChatError('GONE');
  return row.state === 'pending' ? edit.requestView(row) : toFriendView(row, edit.userOf(otherOf(row, userId)));
}

/** Throws `VALIDATION_FAILED` for oneself. */
export function requireOther(userId: string, otherId: string): void {
  if (userId !== otherId) return;
  throw new ChatError('VALIDATION_FAILED', {
    errors: [{ path: 'userId', code: 'other', message: 'must be another user' }],
  });
}
