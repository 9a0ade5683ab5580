import type { ServerFrame } from '../../src/protocol/frames.js';
import { DEFAULT_ROOM_SETTINGS } from '../../src/protocol/room-views.js';
import type { ChangesView, MemberRoomView, MessageView } from '../../src/protocol/views.js';

/** A time for everything: these tests are about order, which no clock decides. */
export const TIME = '2026-01-01T00:00:00.000Z';

/** A message as the server would show it. */
export function messageOf(fields: Partial<MessageView> & Pick<MessageView, 'id' | 'roomId' | 'rev'>): MessageView {
  return {
    seq: null,
    lastRev: fields.rev,
    kind: fields.seq === undefined ? 'notice' : 'text',
    senderId: null,
    text: null,
    payload: null,
    replyTo: null,
    attachments: [],
    reactions: [],
    mentions: [],
    pinned: false,
    editedAt: null,
    deletedAt: null,
    createdAt: TIME,
    ...fields,
  };
}

/** The truth of one room, as the server's tables hold it. */
export class FakeRoom {
  readonly messages: MessageView[] = [];
  headRev = 0;
  headSeq = 0;
  readSeq = 0;
  memberCount = 1;

  constructor(
    readonly id: string,
    private readonly limits: { readonly gap: number; readonly page: number },
  ) {}

  /** Stores a text, and returns the frame that tells of it. */
  post(id: string, senderId: string, text: string): ServerFrame {
    const rev = ++this.headRev;
    const message = messageOf({ id, roomId: this.id, rev, seq: ++this.headSeq, senderId, text });
    this.messages.push(message);
    return this.frame('message.created', rev, message);
  }

  /** Stores a change of a message's text; the message keeps its place. */
  edit(id: string, text: string): ServerFrame {
    const at = this.messages.findIndex((message) => message.id === id);
    const rev = ++this.headRev;
    const message = { ...(this.messages[at] as MessageView), text, lastRev: rev };
    this.messages[at] = message;
    return this.frame('message.edited', rev, message);
  }

  /** Stores that somebody joined. */
  join(noticeId: string, userId: string): ServerFrame {
    const rev = ++this.headRev;
    const memberCount = ++this.memberCount;
    const payload = { type: 'member.joined', userId, memberCount };
    const notice = messageOf({ id: noticeId, roomId: this.id, rev, payload });
    this.messages.push(notice);
    return this.frame('member.joined', rev, { userId, byId: null, role: 'member', memberCount, notice });
  }

  /** `room.changes`. */
  changes(since: number): ChangesView {
    const { headRev } = this;
    const isTooFar = headRev - since > this.limits.gap || since > headRev;
    const rows = this.messages.filter((message) => isTooFar || message.lastRev > since);
    const ordered = isTooFar ? rows.slice(-50) : rows.sort((a, b) => a.lastRev - b.lastRev).slice(0, this.limits.page);
    const items = ordered.map((message) => this.toChange(message));
    const isLast = isTooFar || ordered.length < this.limits.page;
    const toRev = isLast ? headRev : (ordered.at(-1)?.lastRev ?? headRev);
    return { items, toRev, headRev, more: toRev < headRev, reset: isTooFar };
  }

  /** `GET /rooms/:id/messages?before=`. */
  page(before: number, limit: number): { items: MessageView[]; next: null; prev: string | null } {
    const below = this.messages.filter((message) => message.rev < before);
    return { items: below.slice(-limit), next: null, prev: below.length > limit ? 'older' : null };
  }

  get view(): MemberRoomView {
    return {
      id: this.id,
      kind: 'group',
      visibility: 'public',
      name: `room ${this.id.slice(-1)}`,
      topic: null,
      avatarUrl: null,
      ownerId: null,
      memberCount: this.memberCount,
      archivedAt: null,
      settings: DEFAULT_ROOM_SETTINGS,
      createdAt: TIME,
      role: 'member',
      headRev: this.headRev,
      headSeq: this.headSeq,
      readSeq: this.readSeq,
      readVersion: 0,
      unread: this.headSeq - this.readSeq,
      mentions: 0,
      notify: 'all',
      mutedUntil: null,
      alias: null,
      lastMessage: null,
    };
  }

  private toChange(message: MessageView): { rev: number; event: string; data: Record<string, unknown> } {
    const { lastRev: rev, payload } = message;
    if (message.kind === 'text') {
      return { rev, event: message.rev === rev ? 'message.created' : 'message.edited', data: { ...message } };
    }
    return {
      rev,
      event: 'member.joined',
      data: {
        userId: payload?.['userId'],
        byId: null,
        role: null,
        memberCount: payload?.['memberCount'],
        notice: message,
      },
    };
  }

  private frame(event: string, rev: number, data: unknown): ServerFrame {
    return { event, roomId: this.id, rev, at: TIME, data };
  }
}
