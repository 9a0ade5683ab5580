import { signal } from '@preact/signals';
import type { RoomState } from '../../sdk/room-state.js';
import type { AbilitiesView } from '../../src/protocol/room-views.js';
import type { MessageView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import type { Beside } from '../ui/popover.js';
import { Timeline } from './timeline.js';

/** What stands over the page about one message, and beside what. */
export interface Overlay {
  readonly kind: 'menu' | 'picker' | 'forward' | 'readers' | 'revisions' | 'picture';
  readonly message: MessageView;
  readonly beside: Beside;
  /** Which picture of it. */
  readonly fileId?: string;
}

/** A room that is open on the page: what its list shows, and what the reader is doing there. */
export class OpenRoom {
  readonly timeline: Timeline;
  /** The message that is answered to, or edited, in the composer. */
  readonly replyTo = signal<MessageView | null>(null);
  readonly editing = signal<MessageView | null>(null);
  /** What is shown beside the list. */
  readonly panel = signal<'search' | 'pins' | null>(null);
  readonly overlay = signal<Overlay | null>(null);
  /** What one may do here; null until that is known. */
  readonly abilities = signal<AbilitiesView | null>(null);
  /** The row under the pointer or the focus. */
  readonly activeId = signal<string | null>(null);
  /** Long texts and folded messages that were opened. */
  readonly unfolded = signal<ReadonlySet<string>>(new Set());
  /** Whether the list stands where the reader wanted to come in. */
  isEntered = false;

  constructor(readonly roomId: string) {
    this.timeline = new Timeline(roomId);
  }

  get state(): RoomState | undefined {
    return client.rooms.get(this.roomId);
  }

  /** The reader has come in, to what is new or to the message that the address names. */
  async enter(messageId?: string): Promise<void> {
    client.openRoom(this.roomId);
    await this.timeline.begin(messageId);
    this.isEntered = true;
  }

  /** The reader has gone. */
  leave(): void {
    this.timeline.end();
    client.closeRoom(this.roomId);
  }

  /** The connection is back: what did not come meanwhile is asked for again. */
  onOnline(): void {
    if (this.timeline.hasFailed.value) void this.timeline.loadMore('top');
    void this.askAbilities();
  }

  /** Asks what one may do here. */
  async askAbilities(): Promise<void> {
    const told = await client.rest.abilities(this.roomId).catch(() => null);
    if (told) this.abilities.value = told;
  }

  /** Begins an answer to a message. */
  answer(message: MessageView): void {
    this.editing.value = null;
    this.replyTo.value = message;
  }

  /** Begins to edit a message. */
  edit(message: MessageView): void {
    this.replyTo.value = null;
    this.editing.value = message;
  }

  /** Neither answers nor edits any more. */
  stopWriting(): void {
    this.editing.value = null;
    this.replyTo.value = null;
  }

  /** Shows a text that was folded away. */
  unfold(id: string): void {
    this.unfolded.value = new Set([...this.unfolded.value, id]);
  }
}
