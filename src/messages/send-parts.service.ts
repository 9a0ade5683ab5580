import { Injectable } from '@nestjs/common';
import { toAttachmentView } from '../attachments/attachment.view.js';
import { AttachmentsService } from '../attachments/attachments.service.js';
import { ChatError } from '../common/chat-error.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import type { AttachmentView } from '../protocol/attachment-views.js';
import type { ReplyView } from '../protocol/message-views.js';
import { ROOM_RULES, toError } from '../rooms/action-access.js';
import { EVERYBODY } from '../rooms/members/mention.entity.js';
import { RoomRosters } from '../rooms/members/roster-store.js';
import { type MessageContent, type ReplyTarget, toPayload } from '../rooms/message-content.js';
import type { Message } from '../rooms/message.entity.js';
import type { RoomHead } from '../rooms/room-head.js';
import { ReplyPreviews } from './reply-previews.js';
import type { Send } from './send.js';

/** What a send becomes beside its text, or why it may not. */
export type Prepared = { readonly content: MessageContent; readonly replyTo: ReplyView | null } | ChatError;

interface TargetRow {
  readonly id: string;
  readonly rev: number;
  readonly senderId: string | null;
  readonly kind: string;
  readonly deletedAt: number | null;
}

/**
 * What some messages have beside their text: what they answer to, whom they speak to, what they were copied from. A send
 * without any of it, as nearly all are, never comes here.
 */
@Injectable()
export class SendParts {
  constructor(
    private readonly rosters: RoomRosters,
    private readonly previews: ReplyPreviews,
    private readonly friends: FriendsQueries,
    private readonly attachments: AttachmentsService,
  ) {}

  /**
   * Looks what a send into a locked room asks for, as the transaction sees it, and takes what it needs: the message must
   * be the room's next one.
   *
   * @param ask `refusal`: why the sender may not write now; asked behind everything that only looks
   */
  async prepare(tx: Tx, head: RoomHead, ask: { send: Send; refusal: () => ChatError | null }): Promise<Prepared> {
    const { send } = ask;
    const looked = await this.look(tx, head, send);
    if (looked instanceof ChatError) return looked;
    const refusal = ask.refusal();
    if (refusal) return refusal;
    try {
      const content = { ...looked, attachments: await this.attach(tx, head, send) };
      const previews = await this.previews.forEverybody([asMessage(head, content)], tx);
      return { content, replyTo: previews.of(asMessage(head, content)) };
    } catch (error) {
      if (error instanceof ChatError && error.code !== 'TIMEOUT') return error;
      throw error;
    }
  }

  /** Stores what is asked for by other keys than the message's: whom it speaks to, and that it is a reply. */
  async save(tx: Tx, messages: readonly Message[]): Promise<void> {
    const contents = messages.flatMap((message) =>
      message.payload ? [{ message, ...(message.payload as MessageContent) }] : [],
    );
    const replies = contents.flatMap(({ message: { roomId, rev }, replyTo }) =>
      replyTo ? [{ messageId: replyTo.id, rev, roomId }] : [],
    );
    await insertRows(tx, 'message_replies', replies);
    for (const { message, mentions } of contents) await this.saveMentions(tx, message, mentions ?? []);
  }

  private async look(tx: Tx, head: RoomHead, send: Send): Promise<MessageContent | ChatError> {
    const { replyToId, mentions = [] } = send.command;
    const replyTo = replyToId === undefined ? undefined : await this.targetOf(tx, head, send);
    if (replyTo instanceof ChatError) return replyTo;
    const named = await this.membersAmong(tx, head, { send, mentions });
    if (named instanceof ChatError) return named;
    return { replyTo, forwarded: send.forwarded?.source, mentions: named };
  }

  /** Its own uploads, or copies of what is forwarded. */
  private async attach(tx: Tx, head: RoomHead, { userId, command, forwarded }: Send): Promise<AttachmentView[]> {
    const place = { roomId: head.id, messageId: command.id, rev: head.headRev + 1, senderId: userId };
    const facts = forwarded
      ? await this.attachments.copy(tx, forwarded.attachmentIds, place)
      : await this.attachments.claim(tx, command.attachmentIds ?? [], place);
    return facts.map((one) => toAttachmentView(one));
  }

  /** What the sender may see is there to be answered to. */
  private async targetOf(tx: Tx, head: RoomHead, { userId, command }: Send): Promise<ReplyTarget | ChatError> {
    const [row] = await tx.query<TargetRow>(
      `SELECT t.id AS id, t.rev AS rev, t.senderId AS senderId, t.kind AS kind, t.deletedAt AS deletedAt
       FROM messages t JOIN room_members m ON m.roomId = t.roomId AND m.userId = ?
       WHERE t.id = ? AND t.roomId = ? AND t.rev >= m.visibleFromRev`,
      [userId, command.replyToId, head.id],
    );
    if (row?.kind !== 'text')
      return new ChatError('NOT_FOUND', { detail: 'There is no such message to answer to here.' });
    if (row.deletedAt !== null) return new ChatError('GONE');
    return { id: row.id, rev: Number(row.rev), senderId: row.senderId };
  }

  /** Those of the mentioned who are members; who has left meanwhile is left out. */
  private async membersAmong(
    tx: Tx,
    head: RoomHead,
    { send, mentions }: { readonly send: Send; readonly mentions: readonly string[] },
  ): Promise<readonly string[] | ChatError> {
    if (mentions.length === 0) return [];
    const roster = await this.rosters.membersOf(tx, head, [send.userId, ...mentions]);
    if (!mentions.includes(EVERYBODY)) return [...new Set(mentions)].filter((userId) => roster.has(userId));
    const refusal = ROOM_RULES['message.mentionAll'](head, roster.get(send.userId) ?? null, head.at);
    return refusal ? toError(refusal, head.at) : [EVERYBODY];
  }

  /** Nobody is counted a mention by himself, or by somebody with whom there is a block. */
  private async saveMentions(tx: Tx, { roomId, seq, senderId }: Message, mentions: readonly string[]): Promise<void> {
    const others = mentions.filter((userId) => userId !== senderId);
    if (others.length === 0 || senderId === null) return;
    const blocked = (await this.friends.blocksOfAll([senderId], tx)).get(senderId) ?? [];
    const rows = others
      .filter((userId) => !blocked.includes(userId))
      .map((userId) => ({ userId, roomId, seq, senderId }));
    await insertRows(tx, 'mentions', rows);
  }
}

const asMessage = ({ id: roomId }: RoomHead, content: MessageContent) =>
  ({ roomId, kind: 'text', payload: toPayload(content) }) as const;
