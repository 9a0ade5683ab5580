import type { ServerFrame } from '../../src/protocol/frames.js';
import type { MessageReacted } from '../../src/protocol/events.js';
import type { MessageView } from '../../src/protocol/views.js';
import { type RoomLineState, shownMessage } from './serve.js';

/** Where a room stands, by `session.ready`, `room.added` or `GET /sync`. */
export interface Standing {
  readonly headRev: number;
  readonly headSeq: number;
  readonly readSeq: number;
  readonly readVersion: number;
  readonly mentions: number;
}

/** An answer of `room.changes`. */
export interface Changes {
  readonly items: readonly ServerFrame[];
  readonly toRev: number;
  readonly headRev: number;
  readonly reset: boolean;
}

/** The copy of one room, with the rules of catching up and nothing else. */
export class SmallRoom {
  name: string | null = null;
  lastRev: number;
  /** Where `room.changes` has to begin again, to learn which reactions are one's own; null where that is known. */
  unsureFrom: number | null = null;
  protected messages: MessageView[] = [];
  protected standing: Standing;

  constructor(
    standing: Standing,
    protected readonly me: string,
  ) {
    this.standing = standing;
    this.lastRev = standing.headRev;
  }

  get headRev(): number {
    return this.standing.headRev;
  }

  get headSeq(): number {
    return this.standing.headSeq;
  }

  get readVersion(): number {
    return this.standing.readVersion;
  }

  /** Takes newer heads and a newer read mark. */
  stand(told: Partial<Standing>): void {
    const { headRev = 0, headSeq = 0, ...read } = told;
    const known = this.standing;
    this.standing = {
      ...known,
      headRev: Math.max(known.headRev, headRev),
      headSeq: Math.max(known.headSeq, headSeq),
    };
    if (read.readSeq !== undefined) this.mark({ ...known, ...read });
  }

  /** A read mark only rises, unless it is of a newer version. */
  mark({ readSeq, readVersion, mentions }: Pick<Standing, 'readSeq' | 'readVersion' | 'mentions'>): void {
    const known = this.standing;
    if (readVersion < known.readVersion) return;
    const kept = readVersion > known.readVersion ? readSeq : Math.max(readSeq, known.readSeq);
    this.standing = { ...known, readSeq: kept, readVersion, mentions };
  }

  /** A durable frame. One behind a hole is let go: the pull brings it again. */
  take(frame: ServerFrame, isMissed: boolean): void {
    const { rev = 0, fromRev = rev } = frame;
    this.stand({ headRev: rev });
    if (rev <= this.lastRev || fromRev > this.lastRev + 1) return;
    this.apply(frame, isMissed);
    this.lastRev = rev;
  }

  /** An answer of `room.changes`. */
  catchUp({ items, toRev, headRev, reset }: Changes): void {
    if (reset) this.messages = [];
    for (const item of items) this.apply(item, false);
    this.lastRev = reset ? toRev : Math.max(this.lastRev, toRev);
    this.stand({ headRev });
    this.unsureFrom = null;
  }

  /** The server's database is another one: what is here is worth nothing. */
  startOver(standing: Standing): void {
    this.messages = [];
    this.standing = standing;
    this.lastRev = standing.headRev;
  }

  state(): RoomLineState {
    const { headSeq, readSeq, mentions } = this.standing;
    const messages = this.messages.map(shownMessage);
    return { name: this.name, lastRev: this.lastRev, unread: Math.max(0, headSeq - readSeq), mentions, messages };
  }

  protected apply({ event, data }: ServerFrame, isMissed: boolean): void {
    if (event === 'message.reacted') return this.react(data as MessageReacted);
    if (event === 'room.updated') this.name = (data as { name: string | null }).name;
    const message = event.startsWith('message.')
      ? (data as MessageView)
      : (data as { notice?: MessageView } | undefined)?.notice;
    if (message) this.put(message, isMissed);
  }

  /** The apply rule. An answer of the same age says whose reactions they are. */
  protected put(message: MessageView, isMissed: boolean): void {
    const known = this.messages.find(({ id }) => id === message.id);
    const knowsMine = message.reactions.length > 0 && message.reactions.every(({ mine }) => mine !== undefined);
    if (known && message.lastRev <= known.lastRev && !knowsMine) return;
    if (known && message.lastRev < known.lastRev) return;
    const mine = new Set(known?.reactions.filter((one) => one.mine).map(({ emoji }) => emoji));
    const reactions = message.reactions.map((one) => ({ ...one, mine: one.mine ?? mine.has(one.emoji) }));
    this.place({ ...message, reactions });
    if (!known) this.count(message);
    const isUnsure = isMissed && message.reactions.length > 0 && !knowsMine;
    if (isUnsure) this.unsureFrom = Math.min(this.unsureFrom ?? Infinity, message.lastRev - 1);
  }

  protected place(message: MessageView): void {
    const others = this.messages.filter(({ id }) => id !== message.id);
    this.messages = [...others, message].sort((a, b) => a.rev - b.rev);
  }

  protected count({ seq, senderId, mentions }: MessageView): void {
    const known = this.standing;
    if (seq === null || seq <= known.headSeq) return;
    const isMeant = mentions.includes(this.me) || mentions.includes('all');
    this.standing = { ...known, headSeq: seq, mentions: known.mentions + Number(isMeant) };
    if (senderId === this.me) this.standing = { ...this.standing, readSeq: seq, mentions: 0 };
  }

  protected react({ id, lastRev, reactions, changes }: MessageReacted): void {
    const known = this.messages.find((message) => message.id === id);
    if (!known || known.lastRev >= lastRev) return;
    const mine = new Set(known.reactions.filter((one) => one.mine).map(({ emoji }) => emoji));
    for (const { userId, emoji, added } of changes) {
      if (userId !== this.me) continue;
      if (added) mine.add(emoji);
      else mine.delete(emoji);
    }
    this.place({ ...known, lastRev, reactions: reactions.map((one) => ({ ...one, mine: mine.has(one.emoji) })) });
  }
}
