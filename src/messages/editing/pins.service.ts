import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { decodeCursor, encodeCursor } from '../../common/page-cursor.js';
import { AppConfig } from '../../config/app-config.js';
import { Reads } from '../../database/reads.js';
import { insertRows } from '../../database/sql.js';
import type { MessageView, Page } from '../../protocol/views.js';
import { firstVisibleRev } from '../../rooms/history-access.js';
import { contentOf, toPayload } from '../../rooms/message-content.js';
import { RoomAccess } from '../../rooms/room-access.js';
import { MessageQueries } from '../message.queries.js';
import { MessageViews } from '../message-views.service.js';
import { type LastChange, type MessageEdit, MessageEdits } from './message-edits.service.js';

/** Messages that a room keeps at hand. */
@Injectable()
export class PinsService {
  constructor(
    private readonly config: AppConfig,
    private readonly edits: MessageEdits,
    private readonly access: RoomAccess,
    private readonly reads: Reads,
    private readonly queries: MessageQueries,
    private readonly views: MessageViews,
  ) {}

  /**
   * Pins a message; one that is pinned stays as it is. Members who may see it get `message.pinned`.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`; `GONE` for a deleted message; `QUOTA_EXCEEDED` where
   *   `limits.roomPins` are pinned
   */
  pin(principal: Principal, id: string): Promise<LastChange> {
    return this.edits.run(scopeOf(principal, id), async (edit) => {
      const { tx, head, message } = edit;
      if (message.kind !== 'text') throw new ChatError('FORBIDDEN');
      if (message.deletedAt !== null) throw new ChatError('GONE');
      const content = contentOf(message);
      if (content.pinned) return message;
      await this.requirePlace(edit);
      const { roomId, rev: messageRev } = message;
      const row = { roomId, messageId: id, messageRev, pinnedRev: head.headRev + 1, byId: principal.userId };
      await insertRows(tx, 'pins', [row]);
      return { ...message, payload: toPayload({ ...content, pinned: true }) };
    });
  }

  /** Undoes it; a message that is not pinned stays as it is. Tells and throws as `pin` does. */
  unpin(principal: Principal, id: string): Promise<LastChange> {
    return this.edits.run(scopeOf(principal, id), async ({ tx, message }) => {
      const { pinned, ...content } = contentOf(message);
      if (!pinned) return message;
      await tx.execute('DELETE FROM pins WHERE roomId = ? AND messageId = ?', [message.roomId, id]);
      return { ...message, payload: toPayload(content) };
    });
  }

  /** The pinned messages that the caller may see, the one that was pinned last first. Throws `NOT_FOUND` or `FORBIDDEN`. */
  async list(
    principal: Principal,
    { roomId, cursor, limit }: { readonly roomId: string; readonly cursor?: string; readonly limit: number },
  ): Promise<Page<MessageView>> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor, ['number'])[0];
    const head = await this.access.requireReader(principal, roomId);
    const pins = await this.reads.query<{ messageRev: number; pinnedRev: number }>(
      `SELECT messageRev, pinnedRev FROM pins WHERE roomId = ? AND pinnedRev < ? AND messageRev >= ?
       ORDER BY pinnedRev DESC LIMIT ?`,
      [roomId, before, firstVisibleRev(head), limit + 1],
    );
    const shown = pins.slice(0, limit);
    const revs = shown.map(({ messageRev }) => Number(messageRev));
    const messages = await this.views.show({ principal, head }, await this.queries.atRevs(roomId, revs));
    const byRev = new Map(messages.map((message) => [message.rev, message]));
    const next = pins.length > limit ? encodeCursor([Number(shown[limit - 1].pinnedRev)]) : null;
    return { items: revs.flatMap((rev) => byRev.get(rev) ?? []), next };
  }

  private async requirePlace({ tx, head }: MessageEdit): Promise<void> {
    const [{ count }] = await tx.query<{ count: number }>('SELECT COUNT(*) AS count FROM pins WHERE roomId = ?', [
      head.id,
    ]);
    if (Number(count) >= this.config.limits.roomPins) {
      throw new ChatError('QUOTA_EXCEEDED', { detail: 'As many messages are pinned here as may be.' });
    }
  }
}

const scopeOf = (principal: Principal, id: string) =>
  ({ principal, id, rule: 'message.pin', event: 'message.pinned' }) as const;
