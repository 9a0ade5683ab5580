import { computed, signal } from '@preact/signals';
import type { PendingMessage } from '../../sdk/outbox-entry.js';
import type { RoomState } from '../../sdk/room-state.js';
import type { MessageView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { attempt } from '../ui/toast.js';
import { findSeq } from './find-seq.js';
import { HistoryStretch, type StretchPlace } from './history-stretch.js';
import { guessHeight } from './messages/guess-height.js';
import { ListScroller } from './messages/list-scroller.js';
import type { PendingRow, Row } from './messages/row.js';

/** Rows of history a page, and how many such pages are loaded to reach something before the reader is put elsewhere. */
const PAGE = 100;
const NEAR_PAGES = 3;
/** Milliseconds for which a row that was jumped to is marked. */
const FLASH_MS = 2000;
/** Milliseconds in which changes are pulled into a stretch together. */
const REFRESH_MS = 500;

/**
 * What the list of a room shows: the newest stretch of its history, which the client keeps, with one's own messages on
 * their way; or, where the reader has jumped far, a stretch somewhere else until he is back.
 */
export class Timeline {
  /** History somewhere else than at the end, where the reader has jumped to. */
  readonly stretch = signal<HistoryStretch | null>(null);
  /** The row that was jumped to. */
  readonly flashId = signal<string | null>(null);
  /** Above the message with this seq stands the line of what is new. */
  readonly newFrom = signal<number | null>(null);
  readonly hasFailed = signal(false);
  readonly isAway = computed(() => this.stretch.value !== null || !this.scroller.isAtEnd.value);
  readonly scroller: ListScroller<Row>;
  private readonly pendingRows = new WeakMap<PendingMessage, PendingRow>();
  private isLoading = false;
  private flashing: ReturnType<typeof setTimeout> | undefined;
  private refreshing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly roomId: string) {
    this.scroller = new ListScroller<Row>({
      guess: guessHeight,
      endsNow: () => this.stretch.peek() === null,
      moved: ({ firstId, lastId }) => this.onMoved(firstId, lastId),
      near: (end) => void this.loadMore(end),
    });
  }

  /** Shows what is new, or the message that the address names. */
  async begin(messageId?: string): Promise<void> {
    const { room } = this;
    if (!room) return;
    const firstNew = room.unread > 0 ? room.readSeq + 1 : null;
    this.newFrom.value = firstNew;
    if (room.messages.length < PAGE / 2) await this.loadMore('top');
    if (messageId) await this.jumpTo(messageId);
    else if (firstNew !== null) await this.showFirstNew();
  }

  end(): void {
    clearTimeout(this.flashing);
    clearTimeout(this.refreshing);
  }

  /** Everything the list shows, the oldest first. */
  rows(): readonly Row[] {
    const stretch = this.stretch.value;
    if (stretch) {
      void stretch.version.value;
      return stretch.messages;
    }
    const messages = this.room?.messages ?? [];
    const pending = client.pending(this.roomId);
    return pending.length === 0 ? messages : [...messages, ...pending.map((one) => this.rowOf(one))];
  }

  /** A message that is loaded. */
  find(id: string): MessageView | undefined {
    return this.stretch.value?.get(id) ?? this.room?.get(id);
  }

  /** Whether the list reaches up to where the room's history begins. */
  get isComplete(): boolean {
    return this.stretch.value ? this.stretch.value.isComplete : (this.room?.isComplete ?? false);
  }

  /** Goes to a message, wherever in the room's history it is. */
  async jumpTo(messageId: string): Promise<void> {
    if (this.show(messageId)) return;
    await attempt(async () => {
      const { rev } = await client.rest.message(messageId);
      if (!(await this.loadDownTo(rev))) await this.openStretch({ around: rev });
      this.show(messageId);
    });
  }

  /** Goes to the first message of a day, or the first one behind it. */
  async jumpToTime(at: string): Promise<void> {
    await attempt(async () => {
      const { items } = await client.rest.messages(this.roomId, { at, limit: 1 });
      const first = items[0];
      if (!first) return this.toNow();
      if (!(await this.loadDownTo(first.rev))) await this.openStretch({ at });
      this.show(first.id);
    });
  }

  /** Goes to the newest message. */
  toNow(): void {
    this.stretch.value = null;
    this.scroller.toEnd();
  }

  /** The page is looked at, or not any more: what comes meanwhile is new. */
  onVisible(): void {
    const { room } = this;
    if (!room) return;
    if (document.visibilityState === 'visible') this.scroller.settle();
    else if (room.unread === 0) this.newFrom.value = room.headSeq + 1;
  }

  /** The line of what is new is not needed any more. */
  forgetNew(): void {
    this.newFrom.value = null;
  }

  /** Something in the room has changed; a stretch is not told by itself. */
  onChanged(): void {
    if (!this.stretch.peek()) return;
    this.refreshing ??= setTimeout(() => {
      this.refreshing = undefined;
      void this.stretch
        .peek()
        ?.refresh()
        .catch(() => undefined);
    }, REFRESH_MS);
  }

  /** Loads more at one end, where there is more. Called as often as the reader comes near it. */
  async loadMore(end: 'top' | 'bottom'): Promise<void> {
    const stretch = this.stretch.value;
    if (this.isLoading || (end === 'top' && this.isComplete) || (end === 'bottom' && !stretch)) return;
    this.isLoading = true;
    try {
      if (!stretch) await client.loadOlder(this.roomId, PAGE);
      else if (end === 'top') await stretch.loadOlder();
      else await stretch.loadNewer();
      this.hasFailed.value = false;
    } catch {
      this.hasFailed.value = true;
    } finally {
      this.isLoading = false;
    }
  }

  /** How many messages of others have come that were not looked at. */
  get unseen(): number {
    return this.room?.unread ?? 0;
  }

  private get room(): RoomState | undefined {
    return client.rooms.get(this.roomId);
  }

  /** Shows the first message that is new; where it is far away, the reader may go there by the button at the top. */
  private async showFirstNew(): Promise<void> {
    const seq = this.newFrom.value;
    const { room } = this;
    if (seq === null || !room || room.unread > NEAR_PAGES * PAGE) return;
    for (let pages = 0; pages < NEAR_PAGES && !this.has(seq) && !room.isComplete; pages++) {
      await client.loadOlder(this.roomId, PAGE).catch(() => undefined);
    }
    const first = this.rowWithSeq(seq);
    if (first && this.has(seq)) this.scroller.show(first.id);
  }

  /** Whether the message with this seq is loaded, or the first one behind it where it is not to be seen. */
  private has(seq: number): boolean {
    const first = this.room?.messages.find((message) => message.seq !== null);
    return first?.seq !== null && first !== undefined && (first.seq <= seq || this.isComplete);
  }

  /** Goes to the first message that is new, however far above it is. */
  async jumpToFirstNew(): Promise<void> {
    const seq = this.newFrom.value;
    const { room } = this;
    if (seq === null || !room) return;
    const first = this.rowWithSeq(seq);
    if (first && first.seq === seq) return void this.show(first.id);
    await attempt(async () => {
      const history = (ask: object) => client.rest.messages(this.roomId, ask);
      const found = await findSeq(history, seq, { low: seq, high: room.fromRev });
      if (found) await this.jumpTo(found.id);
    });
  }

  private rowWithSeq(seq: number): MessageView | undefined {
    return this.room?.messages.find((message) => message.seq !== null && message.seq >= seq);
  }

  private show(messageId: string): boolean {
    if (!this.scroller.show(messageId)) return false;
    clearTimeout(this.flashing);
    this.flashId.value = messageId;
    this.flashing = setTimeout(() => (this.flashId.value = null), FLASH_MS);
    return true;
  }

  /** Loads older messages until that rev is among them, where it is near. */
  private async loadDownTo(rev: number): Promise<boolean> {
    const { room } = this;
    if (!room || room.fromRev - rev > NEAR_PAGES * PAGE) return false;
    for (let pages = 0; pages < NEAR_PAGES && room.fromRev > rev && !room.isComplete; pages++) {
      await client.loadOlder(this.roomId, PAGE);
    }
    if (room.fromRev > rev) return false;
    this.stretch.value = null;
    this.scroller.rangeOf(this.rows());
    return true;
  }

  private async openStretch(place: StretchPlace): Promise<void> {
    const { roomId } = this;
    const source = {
      history: (ask: object) => client.rest.messages(roomId, ask),
      changes: (since: number) => client.command('room.changes', { roomId, since }),
    };
    this.stretch.value = await HistoryStretch.load(source, place, this.room?.lastRev ?? 0);
    this.scroller.rangeOf(this.rows());
  }

  private onMoved(firstId: string | undefined, lastId: string | undefined): void {
    const { room } = this;
    const first = firstId === undefined ? undefined : this.find(firstId);
    const last = lastId === undefined ? undefined : this.find(lastId);
    // Everything that is visible is held by the client too: from here on it is the end again.
    if (room && first && this.stretch.value && first.rev >= room.fromRev) this.stretch.value = null;
    if (last && document.visibilityState === 'visible') this.markRead(last);
  }

  private markRead({ rev, seq }: MessageView): void {
    const { room } = this;
    if (!room || room.unread === 0) return;
    if (this.scroller.isAtEnd.value && !this.stretch.value) return client.read(this.roomId);
    // A notice has no number of its own: what was written above it has been seen.
    const upTo = seq ?? room.messages.findLast((message) => message.rev < rev && message.seq !== null)?.seq;
    if (upTo) client.read(this.roomId, upTo);
  }

  private rowOf(pending: PendingMessage): PendingRow {
    const known = this.pendingRows.get(pending);
    if (known) return known;
    const row: PendingRow = { id: pending.id, kind: 'pending', pending };
    this.pendingRows.set(pending, row);
    return row;
  }
}
