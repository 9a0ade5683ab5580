import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { decodeCursor, encodeCursor } from '../common/page-cursor.js';
import { Reads } from '../database/reads.js';
import type { MessageView, Page } from '../protocol/views.js';
import { MessageAccess } from './message-access.js';
import { MessageQueries } from './message.queries.js';
import { MessageViews } from './message-views.service.js';

/** What was answered to a message. */
@Injectable()
export class RepliesService {
  constructor(
    private readonly seen: MessageAccess,
    private readonly reads: Reads,
    private readonly queries: MessageQueries,
    private readonly views: MessageViews,
  ) {}

  /** The replies to a message, oldest first; of a deleted message too. Throws `NOT_FOUND` where the caller may not see it. */
  async list(
    principal: Principal,
    { id, cursor, limit }: { readonly id: string; readonly cursor?: string; readonly limit: number },
  ): Promise<Page<MessageView>> {
    const after = cursor === undefined ? 0 : decodeCursor(cursor, ['number'])[0];
    const { message, head } = await this.seen.requireSeen(principal, { id });
    // Bounded by the head that was read with the membership: of who is removed meanwhile, nothing later is shown.
    const rows = await this.reads.query<{ rev: number }>(
      'SELECT rev FROM message_replies WHERE messageId = ? AND rev > ? AND rev <= ? ORDER BY rev LIMIT ?',
      [id, after, Number(head.headRev), limit + 1],
    );
    const revs = rows.slice(0, limit).map(({ rev }) => Number(rev));
    const replies = await this.queries.atRevs(message.roomId, revs);
    const items = await this.views.show(
      { principal, head },
      [...replies].sort((a, b) => a.rev - b.rev),
    );
    return { items, next: rows.length > limit ? encodeCursor([revs[limit - 1]]) : null };
  }
}
