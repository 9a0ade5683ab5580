import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { FriendsQueries } from '../friends/friends.queries.js';
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
  ) {}

  /** Looks what the sends of one locked room ask for, as the transaction sees it. */
  async prepare(tx: Tx, head: RoomHead, sends: readonly Send[]): Promise<ReadonlyMap<Send, Prepared>> {
    const prepared = new Map<Send, Prepared>();
    for (const send of sends) if (send.hasParts) prepared.set(send, await this.prepareOne(tx, head, send));
    return prepared;
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

  private async prepareOne(tx: Tx, head: RoomHead, send: Send): Promise<Prepared> {
    const { replyToId, mentions = [] } = send.command;
    const replyTo = replyToId === undefined ? undefined : await this.targetOf(tx, head, send);
    if (replyTo instanceof ChatError) return replyTo;
    const named = await this.membersAmong(tx, head, { send, mentions });
    if (named instanceof ChatError) return named;
    const content: MessageContent = { replyTo, forwarded: send.forwarded?.source, mentions: named };
    const preview = await this.previews.forEverybody(
      [{ roomId: head.id, kind: 'text', payload: toPayload(content) }],
      tx,
    );
    return { content, replyTo: preview({ kind: 'text', payload: toPayload(content) }) };
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
