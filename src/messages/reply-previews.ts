import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { ReplyView } from '../protocol/message-views.js';
import { previewOf } from '../protocol/preview.js';
import { contentOf } from '../rooms/message-content.js';
import type { ShownMessage } from '../rooms/message.view.js';

/** A transaction, or what is committed. */
type Queryable = Pick<Tx, 'query'>;

/** What is read of a message that others answer to. */
interface TargetRow {
  readonly rev: number;
  readonly id: string;
  readonly senderId: string | null;
  readonly text: string | null;
}

/** What of a message says what it answers to. */
type Reply = Pick<ShownMessage, 'kind' | 'payload'>;

/** The preview of what a message answers to; null where it is no reply, or may not be seen. */
export type PreviewOf = (message: Reply) => ReplyView | null;

const NONE: PreviewOf = () => null;

/** The beginnings of messages that others answer to, as they are now. */
@Injectable()
export class ReplyPreviews {
  constructor(private readonly reads: Reads) {}

  /** For a reader who sees the room from a rev on: one query where there are replies, none else. */
  async above(
    firstRev: number,
    messages: readonly (Reply & Pick<ShownMessage, 'roomId'>)[],
    from: Queryable = this.reads,
  ): Promise<PreviewOf> {
    const revs = messages.flatMap((message) => contentOf(message).replyTo?.rev ?? []).filter((rev) => rev >= firstRev);
    if (revs.length === 0) return NONE;
    const [{ roomId }] = messages;
    const rows = await from.query<TargetRow>(
      `SELECT rev, id, senderId, text FROM messages WHERE roomId = ? AND rev IN (${placeholders(revs)})`,
      [roomId, ...revs],
    );
    const previews = new Map(rows.map((row) => [Number(row.rev), toPreview(row)]));
    return (message) => previews.get(contentOf(message).replyTo?.rev ?? 0) ?? null;
  }

  /** The same as every member may see it: what one of them does not see is shown to nobody. */
  async forEverybody(
    messages: readonly (Reply & Pick<ShownMessage, 'roomId'>)[],
    from: Queryable = this.reads,
  ): Promise<PreviewOf> {
    const reply = messages.find((message) => contentOf(message).replyTo);
    return reply ? this.above(await this.firstRevForAll(reply.roomId, from), messages, from) : NONE;
  }

  private async firstRevForAll(roomId: string, from: Queryable): Promise<number> {
    const [{ rev }] = await from.query<{ rev: number | null }>(
      'SELECT MAX(visibleFromRev) AS rev FROM room_members WHERE roomId = ?',
      [roomId],
    );
    return Number(rev ?? 0);
  }
}

const toPreview = ({ id, senderId, text }: TargetRow): ReplyView => ({
  id,
  senderId,
  text: text === null ? null : previewOf(text),
});
