import type { Events, MemberChange, MessageReacted, RoomUpdated } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import type { ChangesView, MemberRoomView, MessageView } from '../src/protocol/views.js';
import { MessageWindow, type Put } from './message-window.js';
import { withReactions } from './own-facts.js';
import { type Change, fieldsOf, firstRev, messageOf, messagesOf } from './room-change.js';

/** What happened in a room, told in rev order. */
export interface RoomSink {
  /** A message or notice that is new here; told once for each. */
  message(room: RoomState, message: MessageView): void;
  /** A message in the window has changed. */
  changed(room: RoomState, message: MessageView): void;
  /** Somebody joined, left, was removed or has another role. */
  member(room: RoomState, event: string, change: MemberChange): void;
  /** Too much was missed to be told one by one: the window was dropped and begins anew. */
  reset(room: RoomState): void;
  /** Anything of the room is different: messages, counters, name. */
  touched(room: RoomState): void;
}

/** Where a room stands for this user, as `session.ready`, `room.added` and `GET /sync` tell it. */
export interface Standing {
  readonly headRev: number;
  readonly headSeq: number;
  readonly readSeq: number;
  readonly readVersion: number;
  readonly mentions: number;
}

/** Read marks as acks and `read.updated` carry them. */
export type ReadPosition = Pick<Standing, 'readSeq' | 'readVersion' | 'mentions'>;

/** Frames beyond a hole that are kept until it is filled; more are pulled again. */
const MOST_AHEAD = 256;

/**
 * This client's copy of one room. It is exact up to `lastRev`: changes are applied in rev order, each once, and a hole
 * stops it until `room.changes` has filled it. Frames beyond the hole wait meanwhile.
 */
export class RoomState {
  #shown: MemberRoomView | null = null;
  /** What changes told of the room itself, each with its rev: a view that was read before them does not know it. */
  readonly #facts = new Map<string, { readonly rev: number; readonly value: unknown }>();
  #window: MessageWindow;
  #applied: number;
  #standing: Standing;
  #ahead: ServerFrame[] = [];
  /** Frames up to here tell what was missed, the same to everybody. */
  #missedTo = 0;
  readonly #keep: number;
  readonly #me: string;

  /** @param lastRev where this copy begins: everything above it will be applied */
  constructor(
    readonly id: string,
    options: { readonly lastRev: number; readonly keep: number; readonly me: string },
    private readonly sink: RoomSink,
  ) {
    this.#applied = options.lastRev;
    this.#keep = options.keep;
    this.#me = options.me;
    this.#window = new MessageWindow(options.lastRev + 1, options.keep);
    this.#standing = { headRev: options.lastRev, headSeq: 0, readSeq: 0, readVersion: 0, mentions: 0 };
  }

  /** The messages and notices that are loaded, by rev, without a hole up to `lastRev`. */
  get messages(): readonly MessageView[] {
    return this.#window.messages;
  }

  /**
   * Name, topic, number of members and the rest; null until the first `GET /sync` has answered. Its own heads and read
   * marks are not kept up: those of this copy are.
   */
  get view(): MemberRoomView | null {
    return this.#shown;
  }

  /** Whether history has been loaded to its beginning. */
  get isComplete(): boolean {
    return this.#window.isComplete;
  }

  /** Below this rev nothing is loaded. */
  get fromRev(): number {
    return this.#window.fromRev;
  }

  /** Everything up to here has been applied. */
  get lastRev(): number {
    return this.#applied;
  }

  /** The newest change that is known to exist. */
  get headRev(): number {
    return this.#standing.headRev;
  }

  get headSeq(): number {
    return this.#standing.headSeq;
  }

  get readSeq(): number {
    return this.#standing.readSeq;
  }

  get readVersion(): number {
    return this.#standing.readVersion;
  }

  get mentions(): number {
    return this.#standing.mentions;
  }

  /** Messages after the read mark; never negative, although the two numbers come on different ways. */
  get unread(): number {
    return Math.max(0, this.#standing.headSeq - this.#standing.readSeq);
  }

  /** Whether something is missing that only `room.changes` can bring. */
  get isBehind(): boolean {
    return this.#standing.headRev > this.#applied;
  }

  /** Where `room.changes` is to begin; null where nothing is missing: neither revs nor which reactions are one's own. */
  get missingFrom(): number | null {
    if (this.isBehind) return this.#applied;
    const unsure = this.#window.unsureFrom;
    return unsure === null ? null : unsure - 1;
  }

  /** A session has begun; what is told up to this rev was missed. */
  expectMissed(headRev: number): void {
    this.#missedTo = headRev;
  }

  get(messageId: string): MessageView | undefined {
    return this.#window.get(messageId);
  }

  /** A durable frame or a `skip`. Afterwards `isBehind` tells whether there is a hole below it. */
  receive(frame: ServerFrame): void {
    const rev = frame.rev ?? 0;
    if (rev <= this.#applied) return;
    this.#standing = { ...this.#standing, headRev: Math.max(this.#standing.headRev, rev) };
    this.#ahead.push(frame);
    this.#ahead.sort((a, b) => firstRev(a) - firstRev(b));
    this.#drain();
    if (this.#ahead.length > MOST_AHEAD) this.#ahead.length = MOST_AHEAD;
    this.sink.touched(this);
  }

  /** An answer of `room.changes`. One that begins below `lastRev` was asked for own reactions, and is no reason to drop. */
  applyChanges({ items, toRev, headRev, reset }: ChangesView, since = this.#applied): void {
    if (reset && since >= this.#applied) this.#restart(toRev, items);
    if (!reset) items.filter(({ rev }) => rev > this.#applied).forEach((item) => this.#apply(item));
    const learnt = this.#window.learnOwn(messagesOf(items), since, reset ? Infinity : toRev);
    for (const message of learnt) this.sink.changed(this, message);
    if (reset && since < this.#applied) return;
    this.#applied = reset ? toRev : Math.max(this.#applied, toRev);
    this.#standing = { ...this.#standing, headRev: Math.max(reset ? toRev : this.#standing.headRev, headRev) };
    this.#drain();
    if (reset) this.sink.reset(this);
    this.sink.touched(this);
  }

  /** The user has set something for himself here. */
  amend(own: Omit<Events['membership.updated'], 'roomId'>): void {
    if (!this.#shown) return;
    this.#shown = { ...this.#shown, ...own };
    this.sink.touched(this);
  }

  /** The room as the server showed it. What changes above its `headRev` have told of the room stays. */
  show(view: MemberRoomView): void {
    const newer = [...this.#facts].filter(([, { rev }]) => rev > view.headRev);
    this.#facts.clear();
    for (const [name, fact] of newer) this.#facts.set(name, fact);
    this.#shown = { ...view, ...Object.fromEntries(newer.map(([name, { value }]) => [name, value])) };
  }

  /** Where the room stands by the server's word. Counters never go back by it but where a mark was set back. */
  applyStanding({ headRev, headSeq, ...read }: Standing): void {
    this.#standing = {
      ...this.#standing,
      headRev: Math.max(this.#standing.headRev, headRev),
      headSeq: Math.max(this.#standing.headSeq, headSeq),
    };
    this.applyRead(read);
  }

  /** A read mark. A mark of an older version is an echo from before somebody set it back, and is not taken. */
  applyRead({ readSeq, readVersion, mentions }: ReadPosition): void {
    const known = this.#standing;
    if (readVersion < known.readVersion) return;
    const kept = readVersion === known.readVersion ? Math.max(known.readSeq, readSeq) : readSeq;
    this.#standing = { ...known, readSeq: kept, readVersion, mentions };
    this.sink.touched(this);
  }

  /** Begins anew at a rev, after the server's database was replaced: what is here means nothing any more. */
  startOver(standing: Standing): void {
    this.#restart(standing.headRev, []);
    this.#applied = standing.headRev;
    this.#standing = standing;
    this.sink.reset(this);
    this.sink.touched(this);
  }

  /**
   * Loads a page of history below the window.
   *
   * @param load fetches the page before a rev, ascending; `isFirst` when nothing lies below it
   * @returns false when a reset came in between, and the page was thrown away
   */
  async loadBelow(
    load: (before: number) => Promise<{ page: readonly MessageView[]; isFirst: boolean }>,
  ): Promise<boolean> {
    const window = this.#window;
    window.expectPage();
    try {
      const { page, isFirst } = await load(window.fromRev);
      window.addPage(page, isFirst);
    } catch (error) {
      window.dropPage();
      throw error;
    }
    this.sink.touched(this);
    return window === this.#window;
  }

  #restart(toRev: number, items: readonly Change[]): void {
    const messages = messagesOf(items);
    // The newest messages without a hole, so the window begins at the first of them.
    this.#window = new MessageWindow(messages[0]?.rev ?? toRev + 1, this.#keep);
    for (const message of messages) this.#window.put(message);
    for (const message of messages) this.#count(message);
    this.#ahead = [];
  }

  #drain(): void {
    for (let next = this.#ahead[0]; next && firstRev(next) <= this.#applied + 1; next = this.#ahead[0]) {
      this.#ahead.shift();
      const rev = next.rev ?? 0;
      if (rev <= this.#applied) continue;
      if (next.event !== 'skip') this.#apply({ rev, event: next.event, data: next.data });
      this.#applied = rev;
    }
  }

  #apply(change: Change): void {
    const message = messageOf(change);
    if (message) {
      this.#count(message);
      this.#tell(message.id, this.#window.put(message, change.rev <= this.#missedTo));
    }
    if (change.event === 'message.reacted') this.#react(change.data as MessageReacted);
    if (change.event === 'room.updated') this.#learn(change.rev, fieldsOf(change.data as RoomUpdated));
    if (change.event.startsWith('member.')) this.#move(change, change.data as MemberChange);
  }

  #react(event: MessageReacted): void {
    const { id, lastRev } = event;
    this.#tell(id, this.#window.amend({ id, lastRev, apply: (known) => withReactions(known, event, this.#me) }));
  }

  #tell(messageId: string, put: Put): void {
    const message = this.#window.get(messageId);
    if (message && put === 'added') this.sink.message(this, message);
    if (message && put === 'changed') this.sink.changed(this, message);
  }

  /** Raises the counters; one's own message moves one's own mark, as on the server. */
  #count({ seq, senderId, mentions }: MessageView): void {
    const standing = this.#standing;
    if (seq === null || seq <= standing.headSeq) return;
    const isMeant = mentions.includes(this.#me) || mentions.includes('all');
    const read =
      senderId === this.#me
        ? { readSeq: seq, mentions: 0 }
        : { readSeq: standing.readSeq, mentions: standing.mentions + Number(isMeant) };
    this.#standing = { ...standing, ...read, headSeq: seq };
  }

  #move({ rev, event }: Change, change: MemberChange): void {
    const { memberCount, role } = change;
    if (memberCount !== null) this.#learn(rev, { memberCount });
    if (change.userId === this.#me && role !== null) this.#learn(rev, { role });
    if (role === 'owner') this.#learn(rev, { ownerId: change.userId });
    this.sink.member(this, event, change);
  }

  #learn(rev: number, fields: Partial<MemberRoomView>): void {
    for (const [name, value] of Object.entries(fields)) this.#facts.set(name, { rev, value });
    if (this.#shown) this.#shown = { ...this.#shown, ...fields };
  }
}
