import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { AttachmentsService } from '../attachments/attachments.service.js';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { MessageView } from '../protocol/views.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import { contentOf } from '../rooms/message-content.js';
import { type ShownMessage, toMessageView } from '../rooms/message.view.js';
import { RoomAccess } from '../rooms/room-access.js';
import type { MemberHead } from '../rooms/room.queries.js';
import { BlockedMarks } from './blocked-marks.js';
import { type Previews, ReplyPreviews } from './reply-previews.js';

/** Who reads: the caller, and how he stands in the room. */
export interface Viewer {
  readonly principal: Principal;
  readonly head: MemberHead;
}

/** Messages as a reader sees them. What only some messages have, costs a query only where there are such. */
@Injectable()
export class MessageViews {
  constructor(
    private readonly access: RoomAccess,
    private readonly reads: Reads,
    private readonly previews: ReplyPreviews,
    private readonly blocked: BlockedMarks,
    private readonly attachments: AttachmentsService,
  ) {}

  /**
   * Messages of one room, with what depends on the reader: reply previews, his own reactions, marks of the blocked.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` where something was changed behind the reader's head and he is no member
   *   any more: it may have been changed behind his leaving
   */
  async show(viewer: Viewer, messages: readonly ShownMessage[]): Promise<readonly MessageView[]> {
    const previews = await this.previews.above(firstVisibleRev(viewer.head), messages);
    await this.requireStill(viewer, newestOf(messages, previews));
    const isMine = await this.ownReactions(viewer.principal.userId, messages);
    const views = messages.map((message) => withMine(toMessageView(message, previews.of(message)), isMine));
    return this.blocked.mark(
      viewer,
      views.map((view) => this.signed(viewer.principal, view)),
    );
  }

  /** The same for one message. */
  async showOne(viewer: Viewer, message: ShownMessage): Promise<MessageView> {
    return (await this.show(viewer, [message]))[0];
  }

  /** Messages of one room as they stand in frames, and the newest change that they show. */
  async forEverybody(messages: readonly ShownMessage[]): Promise<{ views: readonly MessageView[]; lastRev: number }> {
    const previews = await this.previews.forEverybody(messages);
    const views = messages.map((message) => toMessageView(message, previews.of(message)));
    return { views, lastRev: newestOf(messages, previews) };
  }

  private async requireStill({ principal, head }: Viewer, lastRev: number): Promise<void> {
    if (lastRev > Number(head.headRev)) await this.access.requireReader(principal, head.roomId);
  }

  /** Links that `<img>` can load, for as long as the reader's rights last. */
  private signed(principal: Principal, view: MessageView): MessageView {
    if (view.attachments.length === 0) return view;
    const facts = view.attachments.map((one) => ({ ...one, hasThumbnail: one.thumbnailUrl !== null }));
    return { ...view, attachments: this.attachments.signedViews(principal, facts) };
  }

  private async ownReactions(userId: string, messages: readonly ShownMessage[]): Promise<IsMine> {
    const ids = messages.filter((message) => contentOf(message).reactions).map(({ id }) => id);
    if (ids.length === 0) return () => false;
    const rows = await this.reads.query<{ messageId: string; emoji: string }>(
      `SELECT messageId, emoji FROM reactions WHERE userId = ? AND messageId IN (${placeholders(ids)})`,
      [userId, ...ids],
    );
    const own = new Set(rows.map(({ messageId, emoji }) => `${messageId} ${emoji}`));
    return (messageId, emoji) => own.has(`${messageId} ${emoji}`);
  }
}

const newestOf = (messages: readonly ShownMessage[], previews: Previews): number =>
  Math.max(previews.lastRev, ...messages.map(({ lastRev }) => Number(lastRev)));

type IsMine = (messageId: string, emoji: string) => boolean;

function withMine(view: MessageView, isMine: IsMine): MessageView {
  if (view.reactions.length === 0) return view;
  const reactions = view.reactions.map(({ emoji, count }) => ({ emoji, count, mine: isMine(view.id, emoji) }));
  return { ...view, reactions };
}
