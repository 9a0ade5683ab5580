import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { decodeCursor, encodeCursor, toPage } from '../common/page-cursor.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { EventHub } from '../events/event-hub.js';
import type { BlockView, Page } from '../protocol/views.js';
import { UsersService } from '../users/users.service.js';
import { Block } from './block.entity.js';
import { FriendCounts } from './friend-counts.service.js';
import { FriendEdits } from './friend-edits.js';
import { FriendNews } from './friend-news.service.js';
import { requireOther } from './friend-requests.service.js';
import { toBlockView } from './friend.view.js';
import { FriendshipQueries } from './friendship.queries.js';

/** Whom the caller wants nothing of. */
@Injectable()
export class BlocksService {
  constructor(
    private readonly edits: FriendEdits,
    private readonly counts: FriendCounts,
    private readonly news: FriendNews,
    private readonly queries: FriendshipQueries,
    private readonly users: UsersService,
    private readonly hub: EventHub,
  ) {}

  /** The caller's blocks, in the order of the ids of the blocked; suspended users too. */
  async list({ userId }: Principal, { cursor, limit }: { cursor?: string; limit: number }): Promise<Page<BlockView>> {
    const [behind] = cursor === undefined ? [null] : decodeCursor(cursor, ['ulid']);
    const rows = await this.queries.blocks(userId, { behind, limit: limit + 1 });
    const { items, next } = toPage(rows, limit, ({ blockedId }) => encodeCursor([blockedId]));
    const users = await this.users.viewsOf(items.map(({ blockedId }) => blockedId));
    const views = items.flatMap((row) => {
      const user = users.get(row.blockedId);
      return user ? [toBlockView(row, user)] : [];
    });
    return { items: views, next };
  }

  /**
   * Blocks a user. It ends a friendship and requests between the two as a plain removal, cancelling or declining would,
   * so that he is told nothing else; then `block.updated` goes to the caller's connections alone, and `BlockChanged` and
   * `ContactsChanged` are told. To repeat it changes nothing.
   *
   * @throws ChatError `VALIDATION_FAILED` for oneself; `NOT_FOUND`; `QUOTA_EXCEEDED` with too many blocks
   */
  async block({ userId: blockerId }: Principal, blockedId: string): Promise<BlockView> {
    requireOther(blockerId, blockedId);
    return this.edits.run([blockerId, blockedId], async (edit) => {
      const { tx, row } = edit;
      const user = edit.userOf(blockedId);
      const known = await tx.manager.findOneBy(Block, { blockerId, blockedId });
      if (known) return toBlockView(known, user);
      await this.counts.requireFewBlocks(tx, blockerId);
      const block: Block = { blockerId, blockedId, createdAt: edit.now };
      await insertRows(tx, 'blocks', [{ ...block }]);
      if (row) await this.edits.end(tx, row, blockerId);
      await this.tell(tx, block, true);
      return toBlockView(block, user);
    });
  }

  /** Ends a block; nothing that it ended comes back. Told as `block` is. Throws `NOT_FOUND` where there is none. */
  async unblock({ userId: blockerId }: Principal, blockedId: string): Promise<void> {
    await this.edits.run([blockerId, blockedId], async ({ tx }) => {
      const { affected } = await tx.manager.delete(Block, { blockerId, blockedId });
      if (!affected) throw new ChatError('NOT_FOUND');
      await this.tell(tx, { blockerId, blockedId }, false);
    });
  }

  private async tell(tx: Tx, { blockerId, blockedId }: Omit<Block, 'createdAt'>, isBlocked: boolean): Promise<void> {
    const data = { userId: blockedId, blocked: isBlocked };
    await this.news.tell(tx, 'block.updated', [{ userId: blockerId, data }]);
    await this.hub.emit(tx, 'BlockChanged', { blockerId, blockedId, isBlocked });
    await this.hub.emit(tx, 'ContactsChanged', { pairs: [[blockerId, blockedId]] });
  }
}
