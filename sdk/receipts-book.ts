import type { MessageView, ReceiptView } from '../src/protocol/views.js';
import { type ParleyError, toParleyError } from './errors.js';

/** How far one's own message has come. */
export type MessageState = 'sent' | 'delivered' | 'read';

/** What the book needs and tells. */
export interface ReceiptHooks {
  /** The receipts of a room, as the server has them. */
  fetch(roomId: string): Promise<readonly ReceiptView[]>;
  /** What is known of a room is different. */
  changed(roomId: string): void;
  error(error: ParleyError): void;
}

/**
 * Up to where the other members of rooms have received and read, as far as they show it. Whole for rooms that are open:
 * their list is read when they are opened and at the start of each session. Of other rooms it has what was told since.
 * Rooms above `limits.quietRoomMembers` (200) tell nothing.
 */
export class ReceiptsBook {
  readonly #rooms = new Map<string, Map<string, ReceiptView>>();

  constructor(private readonly hooks: ReceiptHooks) {}

  /** What is known of a room: one entry for each other member who shows it. */
  of(roomId: string): readonly ReceiptView[] {
    return [...(this.#rooms.get(roomId)?.values() ?? [])];
  }

  /** How many others have received a message, and how many have read it. */
  countsOf({ roomId, seq, senderId }: Pick<MessageView, 'roomId' | 'seq' | 'senderId'>): {
    readonly delivered: number;
    readonly read: number;
  } {
    const marks = this.of(roomId).filter(({ userId }) => userId !== senderId);
    const countOf = (name: 'deliveredSeq' | 'readSeq') =>
      marks.filter((mark) => mark[name] >= (seq ?? Infinity)).length;
    return { delivered: countOf('deliveredSeq'), read: countOf('readSeq') };
  }

  /** `delivered` and `read` where at least one other member has; in a direct room that is the other one. */
  stateOf(message: Pick<MessageView, 'roomId' | 'seq' | 'senderId'>): MessageState {
    const { delivered, read } = this.countsOf(message);
    if (read > 0) return 'read';
    return delivered > 0 ? 'delivered' : 'sent';
  }

  /** Reads the list of a room; what was told meanwhile holds. */
  async load(roomId: string): Promise<void> {
    try {
      const items = await this.hooks.fetch(roomId);
      const known = this.#rooms.get(roomId);
      this.#rooms.set(roomId, new Map(items.map((mark) => [mark.userId, furthest(mark, known?.get(mark.userId))])));
      this.hooks.changed(roomId);
    } catch (thrown) {
      const error = toParleyError(thrown);
      // The next session reads it again; who is no member any more is told so elsewhere.
      if (!['OFFLINE', 'NOT_FOUND', 'FORBIDDEN', 'UNAUTHORIZED'].includes(error.code)) this.hooks.error(error);
    }
  }

  /** A `receipt` frame. */
  receive(roomId: string, mark: ReceiptView): void {
    const room = this.#rooms.get(roomId) ?? new Map<string, ReceiptView>();
    this.#rooms.set(roomId, room);
    room.set(mark.userId, furthest(mark, room.get(mark.userId)));
    this.hooks.changed(roomId);
  }

  /** A message shows that its sender has read up to it; of who shows nothing, it is not taken. */
  wrote({ roomId, seq, senderId }: MessageView): void {
    const known = this.#rooms.get(roomId)?.get(senderId ?? '');
    if (known && seq !== null && seq > known.readSeq) {
      this.receive(roomId, { userId: known.userId, deliveredSeq: seq, readSeq: seq });
    }
  }

  /** Somebody is not in the room any more. */
  left(roomId: string, userId: string): void {
    if (this.#rooms.get(roomId)?.delete(userId)) this.hooks.changed(roomId);
  }

  /** Forgets a room, or everything for another user. */
  forget(roomId?: string): void {
    if (roomId === undefined) this.#rooms.clear();
    else this.#rooms.delete(roomId);
  }
}

/** Marks come in any order, and only go forward. */
const furthest = (mark: ReceiptView, known: ReceiptView = mark): ReceiptView => ({
  userId: mark.userId,
  deliveredSeq: Math.max(mark.deliveredSeq, known.deliveredSeq),
  readSeq: Math.max(mark.readSeq, known.readSeq),
});
