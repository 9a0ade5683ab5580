import type { MessageView } from '../src/protocol/views.js';
import { answering, isUnsure, withOwnFacts } from './own-facts.js';

/** A change of a part of a message, as of a rev. */
export interface Amendment {
  readonly id: string;
  readonly lastRev: number;
  readonly apply: (message: MessageView) => MessageView;
}

/** What `put` did with a message. */
export type Put = 'added' | 'changed' | 'ignored';

/**
 * The newest stretch of a room's history, without a hole: every message from some rev on, in rev order, each once and
 * in its newest known state. It grows upwards by live frames and downwards by pages of history.
 */
export class MessageWindow {
  #ordered: MessageView[] = [];
  readonly #byId = new Map<string, MessageView>();
  /** Changes of messages below the window that came while a page was on its way; the page may be older than they. */
  readonly #strays = new Map<string, MessageView>();
  /** The same of what changes a part of a message only. */
  #amendments: Amendment[] = [];
  /** Messages here whose reactions came without saying which are one's own. */
  readonly #unsure = new Set<string>();
  #pagesUnderWay = 0;
  #reachesStart = false;

  /** @param from the rev at which the window begins: every message from it on will be put in */
  constructor(
    private from: number,
    private keep: number,
  ) {
    this.#reachesStart = from <= 1;
  }

  get messages(): readonly MessageView[] {
    return this.#ordered;
  }

  /** History below this rev has not been loaded. */
  get fromRev(): number {
    return this.from;
  }

  /** Whether the window begins where the room's history, as far as this reader may see it, begins. */
  get isComplete(): boolean {
    return this.#reachesStart;
  }

  get(id: string): MessageView | undefined {
    return this.#byId.get(id);
  }

  /** The lowest `lastRev` of a message of which it is not known which reactions are one's own; null where all is known. */
  get unsureFrom(): number | null {
    if (this.#unsure.size === 0) return null;
    return Math.min(...[...this.#unsure].map((id) => this.#byId.get(id)?.lastRev ?? Infinity));
  }

  /** Takes which reactions are one's own from an answer with all changes after `since` up to `toRev`. */
  learnOwn(answer: readonly MessageView[], since: number, toRev: number): readonly MessageView[] {
    const learnt = answer.filter(({ id, lastRev }) => this.#unsure.has(id) && this.#byId.get(id)?.lastRev === lastRev);
    for (const message of learnt) this.#replace(message);
    // What the answer does not show is not to be asked for again.
    const isCovered = (lastRev = 0): boolean => lastRev > since && lastRev <= toRev;
    for (const id of this.#unsure) if (isCovered(this.#byId.get(id)?.lastRev)) this.#unsure.delete(id);
    return learnt;
  }

  /**
   * Takes a message if it is newer than what is here (the apply rule): duplicates and stale copies change nothing.
   * A message below the window is not taken, because it would leave a hole above itself; what answers to it in the
   * window shows it as it is now.
   *
   * @param isMissed whether it was missed and is told as to everybody: own reactions may be among what is new
   */
  put(given: MessageView, isMissed = false): Put {
    const known = this.#byId.get(given.id);
    if (known && given.lastRev <= known.lastRev) return 'ignored';
    if (!known && given.rev < this.from) {
      if (this.#pagesUnderWay > 0) this.#strays.set(given.id, given);
      this.#refreshReplies(given);
      return 'ignored';
    }
    if (isUnsure(given, isMissed ? undefined : known)) this.#unsure.add(given.id);
    else if (given.reactions.every(({ mine }) => mine !== undefined)) this.#unsure.delete(given.id);
    return this.#place(withOwnFacts(given, known));
  }

  /** Changes a part of a message that is here, if it is not newer than the change. */
  amend(amendment: Amendment): Put {
    const known = this.#byId.get(amendment.id);
    if (known && known.lastRev < amendment.lastRev) return this.#place(amendment.apply(known));
    if (!known && this.#pagesUnderWay > 0) this.#amendments.push(amendment);
    return 'ignored';
  }

  /** Called before a page of history is asked for; `addPage` or `dropPage` must follow. */
  expectPage(): void {
    this.#pagesUnderWay++;
  }

  /** Puts a page below the window, oldest first as it came. `isFirst`: nothing lies below it. */
  addPage(page: readonly MessageView[], isFirst: boolean): void {
    const oldest = page[0]?.rev ?? this.from;
    const fresh = page.filter((message) => message.rev < this.from && !this.#byId.has(message.id));
    for (const message of fresh) this.#byId.set(message.id, message);
    this.#ordered = [...fresh, ...this.#ordered];
    this.from = Math.min(this.from, oldest);
    // Somebody reads there: it is not dropped for what comes next.
    this.keep += fresh.length;
    this.#reachesStart ||= isFirst;
    for (const stray of this.#strays.values()) if (stray.rev >= this.from) this.put(stray, true);
    for (const amendment of this.#amendments) if (this.#byId.has(amendment.id)) this.amend(amendment);
    this.dropPage();
  }

  /** The page did not come, or is not wanted any more. */
  dropPage(): void {
    this.#pagesUnderWay--;
    if (this.#pagesUnderWay > 0) return;
    this.#strays.clear();
    this.#amendments = [];
  }

  #place(message: MessageView): Put {
    if (this.#byId.has(message.id)) {
      this.#replace(message);
      this.#refreshReplies(message);
      return 'changed';
    }
    this.#byId.set(message.id, message);
    this.#ordered.splice(this.#placeOf(message.rev), 0, message);
    this.#trim();
    return 'added';
  }

  #replace(message: MessageView): void {
    this.#byId.set(message.id, message);
    this.#ordered[this.#placeOf(message.rev)] = message;
  }

  /** Bounds the memory of a client that listens for days: the oldest quarter goes, and can be loaded again. */
  #trim(): void {
    if (this.#ordered.length <= this.keep || this.#pagesUnderWay > 0) return;
    const dropped = this.#ordered.splice(0, Math.ceil(this.keep / 4));
    for (const { id } of dropped) this.#byId.delete(id);
    for (const { id } of dropped) this.#unsure.delete(id);
    this.from = this.#ordered[0]?.rev ?? this.from;
    this.#reachesStart = false;
  }

  /** What answers to a message shows its beginning as it is now. */
  #refreshReplies(target: MessageView): void {
    this.#ordered = this.#ordered.map((message) => {
      if (message.replyTo?.id !== target.id) return message;
      const refreshed = answering(message, target);
      this.#byId.set(message.id, refreshed);
      return refreshed;
    });
  }

  /** The index of the first message at or above the rev; nearly always at or next to the end. */
  #placeOf(rev: number): number {
    let at = this.#ordered.length;
    while (at > 0 && (this.#ordered[at - 1]?.rev ?? 0) >= rev) at--;
    return at;
  }
}
