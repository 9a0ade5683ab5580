import { signal } from '@preact/signals';
import { answering } from '../../sdk/own-facts.js';
import type { HistoryAsk } from '../../sdk/rest-asks.js';
import type { MessageReacted } from '../../src/protocol/events.js';
import type { ChangesView, MessageView, Page } from '../../src/protocol/views.js';

/** Where a stretch takes its messages from: the REST calls of one room. */
export interface StretchSource {
  history(ask: HistoryAsk): Promise<Page<MessageView>>;
  changes(since: number): Promise<ChangesView>;
}

/** Where a stretch begins: around a rev, or at a time. */
export type StretchPlace = { readonly around: number } | { readonly at: string };

const PAGE = 50;

/**
 * A stretch of a room's history somewhere above what the client holds, for one who has jumped there. It grows at both
 * ends, and what changes in the room is pulled into it when it is told to `refresh`.
 */
export class HistoryStretch {
  /** Counts changes, so that whoever draws it is drawn again. */
  readonly version = signal(0);
  private held: readonly MessageView[] = [];
  private newer: string | null = null;
  private older: string | null = null;
  private since: number;
  private busy: Promise<void> | null = null;

  private constructor(
    private readonly source: StretchSource,
    lastRev: number,
  ) {
    this.since = lastRev;
  }

  /**
   * Loads the messages around a place.
   *
   * @param lastRev where the room stood before: changes above it are pulled later
   */
  static async load(source: StretchSource, place: StretchPlace, lastRev: number): Promise<HistoryStretch> {
    const stretch = new HistoryStretch(source, lastRev);
    const page = await source.history({ ...place, limit: PAGE });
    stretch.held = page.items;
    stretch.newer = page.next;
    stretch.older = page.prev ?? null;
    if ('at' in place) await stretch.loadOlder();
    return stretch;
  }

  get messages(): readonly MessageView[] {
    return this.held;
  }

  /** Whether nothing older lies above it. */
  get isComplete(): boolean {
    return this.older === null;
  }

  /** The newest rev in it. */
  get lastRev(): number {
    return this.held.at(-1)?.rev ?? 0;
  }

  get(id: string): MessageView | undefined {
    return this.held.find((message) => message.id === id);
  }

  loadOlder(): Promise<void> {
    return this.once(async () => {
      if (this.older === null) return;
      const page = await this.source.history({ cursor: this.older, limit: PAGE });
      this.older = page.prev ?? null;
      this.held = [...page.items, ...this.held];
    });
  }

  loadNewer(): Promise<void> {
    return this.once(async () => {
      if (this.newer === null) return;
      const page = await this.source.history({ cursor: this.newer, limit: PAGE });
      this.newer = page.next;
      this.held = [...this.held, ...page.items];
    });
  }

  /** Pulls what has changed in the room since the last time. */
  refresh(): Promise<void> {
    return this.once(async () => {
      for (let more = true; more;) {
        const changes = await this.source.changes(this.since);
        for (const { event, data } of changes.items) this.apply(event, data);
        more = changes.more && changes.toRev > this.since;
        this.since = Math.max(this.since, changes.toRev);
      }
    });
  }

  private apply(event: string, data: unknown): void {
    const { id, lastRev } = data as { readonly id: string; readonly lastRev: number };
    const at = this.held.findIndex((message) => message.id === id);
    const known = this.held[at];
    if (known && lastRev <= known.lastRev) return;
    const isPart = event === 'message.reacted' && !('text' in (data as object));
    if (event.startsWith('message.') && !isPart) this.refreshReplies(data as MessageView);
    if (!known) return;
    const changed = isPart
      ? { ...known, lastRev, reactions: (data as MessageReacted).reactions }
      : (data as MessageView);
    this.held = this.held.with(at, changed);
  }

  /** What answers to a message shows its beginning as it is now, wherever that message is. */
  private refreshReplies(target: MessageView): void {
    this.held = this.held.map((message) => (message.replyTo?.id === target.id ? answering(message, target) : message));
  }

  /** One after the other: two pages at once would come twice. */
  private once(load: () => Promise<void>): Promise<void> {
    const running = (this.busy ?? Promise.resolve()).catch(() => undefined).then(load);
    this.busy = running;
    return running.finally(() => void this.version.value++);
  }
}
