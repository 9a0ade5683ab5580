import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { forUpdate, placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { RoomChange } from '../events/chat-events.js';
import { EventHub } from '../events/event-hub.js';
import type { MemberChange, MessageChangeEvent, NoticeType } from '../protocol/events.js';
import type { ReplyView } from '../protocol/message-views.js';
import type { MemberRole, RoomView } from '../protocol/views.js';
import { saveHeads } from './head-rows.js';
import { KnownHeads } from './known-heads.js';
import type { Message } from './message.entity.js';
import { type MessageContent, toPayload } from './message-content.js';
import { insertMessages, updateMessages } from './message-rows.js';
import { toMessageView } from './message.view.js';
import { RoomHead, type RoomHeadRow } from './room-head.js';

/** A message to put into a room; the log adds the numbers and the time. */
export interface MessageDraft {
  readonly id: string;
  readonly senderId: string;
  readonly text: string;
  readonly bodyHash: string;
  /** What it has beside its text. */
  readonly content?: MessageContent;
  /** What it answers to, as every member may see it. */
  readonly replyTo?: ReplyView | null;
}

/** A change of a member to put into a room. `role`: the one he has from now on, null when he leaves. */
export interface MemberNotice {
  readonly type: Exclude<NoticeType, 'room.updated'>;
  readonly userId: string;
  readonly byId: string | null;
  readonly role: MemberRole | null;
  /** Further facts for the notice's payload, such as why. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** What a change adds to the number of members. */
const COUNTED = { 'member.joined': 1, 'member.left': -1, 'member.removed': -1, 'member.updated': 0 } as const;

const HEAD_COLUMNS = 'id, kind, visibility, headRev, headSeq, headAt, memberRev, memberCount, archivedAt, settings';

/**
 * The one place that takes a room's lock and gives out `rev` and `seq` (ADR 0003). Between `lock` and `save` nothing
 * else can change the room, so rev order is commit order and there is never a hole.
 *
 * Locks are taken in one order everywhere, or transactions would wait for each other for ever: users first, then
 * rooms, each by id.
 */
@Injectable()
export class RoomLog {
  private readonly known = new KnownHeads();

  constructor(
    private readonly clock: Clock,
    private readonly hub: EventHub,
  ) {}

  /** Locks the rooms that exist, in the order of their ids, until the transaction ends. */
  async lock(tx: Tx, roomIds: readonly string[]): Promise<ReadonlyMap<string, RoomHead>> {
    const ids = [...new Set(roomIds)].sort();
    const rows = await tx.query<RoomHeadRow>(
      `SELECT ${HEAD_COLUMNS} FROM rooms WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(tx)}`,
      ids,
    );
    for (const row of rows) this.known.see(row);
    const now = this.clock.now();
    return new Map(rows.map((row) => [row.id, new RoomHead(row, now)]));
  }

  /**
   * The rooms as this node left them, without a question and without a lock; null where one is not known. `save` fails,
   * and the unit of work is repeated, where another node wrote meanwhile: only what is saved was true. So a refusal
   * must not rest on them.
   */
  take(roomIds: readonly string[]): ReadonlyMap<string, RoomHead> | null {
    const rows = this.known.take([...new Set(roomIds)].sort());
    if (!rows) return null;
    const now = this.clock.now();
    return new Map(rows.map((row) => [row.id, new RoomHead(row, now, true)]));
  }

  /** Locks one room. Throws `NOT_FOUND` where there is none. */
  async lockOne(tx: Tx, roomId: string): Promise<RoomHead> {
    const head = (await this.lock(tx, [roomId])).get(roomId);
    if (!head) throw new ChatError('NOT_FOUND');
    return head;
  }

  /** Appends a message with the next rev and seq. */
  addMessage(head: RoomHead, draft: MessageDraft): Message {
    const { id, senderId, text, bodyHash, content } = draft;
    const seq = ++head.headSeq;
    const payload = content ? toPayload(content) : null;
    const row = this.append(head, { id, senderId, text, bodyHash, seq, kind: 'text', payload });
    row.replyToId = content?.replyTo?.id ?? null;
    head.changes.push({ rev: row.rev, event: 'message.created', at: head.at, data: toMessageView(row, draft.replyTo) });
    return row;
  }

  /**
   * Gives a message that was sent before its next change, with the next rev.
   *
   * @param after the message as it is from then on; `lastRev` is set here
   * @param change what happened, and what its event says of the message as it is then
   */
  changeMessage(
    head: RoomHead,
    after: Message,
    change: { readonly event: MessageChangeEvent; readonly dataOf: (message: Message) => object },
  ): Message {
    const rev = ++head.headRev;
    const message = { ...after, lastRev: rev };
    head.changed.push({ message, event: change.event });
    head.changes.push({ rev, event: change.event, at: head.at, data: change.dataOf(message), about: message.rev });
    return message;
  }

  /** Appends the notice that a membership begins, ends or changes, and counts it. The caller writes the member's row. */
  addMemberNotice(head: RoomHead, notice: MemberNotice): Message {
    const { type, userId, byId, role, more } = notice;
    head.memberCount += COUNTED[type];
    const { memberCount } = head;
    const row = this.addNotice(head, byId, { type, userId, byId, role, memberCount, ...more });
    const data: MemberChange = { userId, byId, role, memberCount, notice: toMessageView(row) };
    head.changes.push({ rev: row.rev, event: type, at: head.at, data, ...movesOf(notice) });
    return row;
  }

  /** Appends the notice that the room itself changed. `room` is its view after the change. */
  addRoomNotice(head: RoomHead, byId: string | null, change: { room: RoomView; fields: object }): Message {
    const row = this.addNotice(head, byId, { type: 'room.updated', byId, ...change.fields });
    const data = { ...change.room, notice: toMessageView(row) };
    head.changes.push({ rev: row.rev, event: 'room.updated', at: head.at, data });
    return row;
  }

  /**
   * Writes heads and rows and tells `RoomChanged` for each room after the commit.
   *
   * Two things may show at the commit: that a taken head was not true any more, which repeats the unit of work, and the
   * driver's unique violation, when a message's id exists already.
   */
  async save(tx: Tx, heads: readonly RoomHead[]): Promise<void> {
    const changed = heads.filter((head) => head.changes.length > 0);
    // First, so that numbers which are given out already are found here and not as a message that exists.
    await saveHeads(tx, changed);
    await insertMessages(
      tx,
      changed.flatMap((head) => head.rows),
    );
    for (const head of changed) await updateMessages(tx, head.changed);
    for (const head of changed) {
      tx.onCommit(() => this.known.leave(head));
      await this.hub.emit(tx, 'RoomChanged', { roomId: head.id, changes: head.changes });
    }
  }

  private addNotice(head: RoomHead, byId: string | null, payload: Record<string, unknown>): Message {
    const blank = { text: null, bodyHash: null, seq: null };
    const row = this.append(head, { id: newId(), senderId: byId, kind: 'notice', payload, ...blank });
    head.touchMembers();
    return row;
  }

  private append(
    head: RoomHead,
    facts: Pick<Message, 'id' | 'senderId' | 'text' | 'bodyHash' | 'seq' | 'kind' | 'payload'>,
  ): Message {
    const rev = ++head.headRev;
    // Each field by its name: copying objects into one another took 3 % of the message path (measured).
    const row: Message = {
      roomId: head.id,
      rev,
      id: facts.id,
      lastRev: rev,
      seq: facts.seq,
      kind: facts.kind,
      senderId: facts.senderId,
      text: facts.text,
      payload: facts.payload,
      replyToId: null,
      editedAt: null,
      deletedAt: null,
      bodyHash: facts.bodyHash,
      createdAt: head.at,
    };
    head.rows.push(row);
    return row;
  }
}

function movesOf({ type, userId }: MemberNotice): Pick<RoomChange, 'leaves'> {
  return type === 'member.left' || type === 'member.removed' ? { leaves: userId } : {};
}
