import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import type { FriendView, Page } from '../protocol/views.js';
import { UsersService } from '../users/users.service.js';
import { FriendEdits, type PairEdit } from './friend-edits.js';
import { FriendNews } from './friend-news.service.js';
import { otherOf, toFriendView } from './friend.view.js';
import { Friendship } from './friendship.entity.js';
import { FriendshipQueries } from './friendship.queries.js';

/** The friends of the caller. */
@Injectable()
export class FriendsService {
  constructor(
    private readonly edits: FriendEdits,
    private readonly news: FriendNews,
    private readonly queries: FriendshipQueries,
    private readonly users: UsersService,
  ) {}

  /** Friends whose accounts are active, in the order of their ids. */
  async list({ userId }: Principal, { cursor, limit }: { cursor?: string; limit: number }): Promise<Page<FriendView>> {
    const [behind] = cursor === undefined ? [null] : decodeCursor(cursor, ['ulid']);
    const rows = await this.queries.friends(userId, { behind, limit: limit + 1 });
    const { items, next } = toPage(rows, limit, (row) => encodeCursor([otherOf(row, userId)]));
    const users = await this.users.viewsOf(items.map((row) => otherOf(row, userId)));
    const views = items.flatMap((row) => {
      const friend = users.get(otherOf(row, userId));
      return friend ? [toFriendView(row, friend)] : [];
    });
    return { items: views, next };
  }

  /**
   * Gives a friend a name that the caller alone sees, or takes it away with null; absent changes nothing.
   * `friend.updated` goes to the caller's connections. Throws `NOT_FOUND` for who is no friend.
   */
  async setAlias({ userId }: Principal, friendId: string, alias: string | null | undefined): Promise<FriendView> {
    return this.edits.run([userId, friendId], async (edit) => {
      const row = requireFriend(edit, friendId);
      const friend = edit.userOf(friendId);
      const before = toFriendView(row, friend);
      if (alias === undefined || alias === before.alias) return before;
      const { userLow, userHigh } = row;
      const change = userId === userLow ? { aliasByLow: alias } : { aliasByHigh: alias };
      await edit.tx.manager.update(Friendship, { userLow, userHigh }, change);
      const view = toFriendView({ ...row, ...change }, friend);
      await this.news.tell(edit.tx, 'friend.updated', [{ userId, data: view }]);
      return view;
    });
  }

  /** Ends a friendship; `friend.removed` goes to both. Throws `NOT_FOUND` for who is no friend. */
  async remove({ userId }: Principal, friendId: string): Promise<void> {
    await this.edits.run([userId, friendId], async (edit) => this.edits.part(edit.tx, requireFriend(edit, friendId)));
  }
}

function requireFriend(edit: PairEdit, friendId: string): Friendship {
  if (edit.row?.state !== 'accepted' || !edit.isActive(friendId)) throw new ChatError('NOT_FOUND');
  return edit.row;
}
