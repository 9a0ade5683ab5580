import type { SendAck } from '../src/protocol/commands.js';
import { Backoff } from './backoff.js';
import { ParleyError } from './errors.js';
import type { Link } from './link.js';
import { type Entry, type PendingMessage, type Sent, isCarriable, isPassing, newEntry } from './outbox-entry.js';
import type { OutboxKeeper } from './outbox-keeper.js';
import type { MessageDraft, StoredMessage } from './outbox-store.js';
import type { Timing } from './timing.js';

export type { PendingMessage } from './outbox-entry.js';

/** Whom the outbox tells. */
export interface OutboxHooks {
  newId(): string;
  /** Who is signed in, as far as known. */
  userId(): string | null;
  /** The pending messages of a room are different. */
  changed(roomId: string): void;
  /** The server will not take this message, or it is not known whether it did (`INTERNAL`). */
  refused(message: PendingMessage, error: ParleyError): void;
}

/** What the outbox works with. */
export interface OutboxParts {
  readonly link: Pick<Link, 'request' | 'isUp'>;
  readonly keeper: OutboxKeeper;
  readonly timing: Timing;
}

interface Lane {
  entries: Entry[];
  isUnderWay: boolean;
  pause: ReturnType<typeof setTimeout> | undefined;
  readonly backoff: Backoff;
}

/**
 * Messages on their way. Each keeps its id and is sent again, over every reconnect and reload, until it is acked or
 * refused for good. In one room one message is under way at a time, so that a refusal that passes (a rate, a full queue)
 * cannot let a later message overtake; rooms do not wait for one another. A message is in the store before it is sent,
 * and leaves it after its ack; one that is refused stays, here and there, until its author decides.
 */
export class Outbox {
  readonly #lanes = new Map<string, Lane>();
  #userId: string | null = null;
  /** Whether what an earlier run left has been read for this user. */
  #isOpen = false;
  #opening: Promise<void> = Promise.resolve();
  #newestAt = 0;

  constructor(
    private readonly parts: OutboxParts,
    private readonly hooks: OutboxHooks,
  ) {}

  /** What is pending in a room, in the order of sending. */
  pending(roomId: string): readonly PendingMessage[] {
    return (this.#lanes.get(roomId)?.entries ?? []).map(({ message }) => message);
  }

  /** Takes a message over. */
  send(roomId: string, given: string | MessageDraft): Sent {
    const draft = typeof given === 'string' ? { text: given } : given;
    const { text = '' } = draft;
    return this.#enqueue({ id: this.hooks.newId(), roomId, draft, text, at: this.#tick(), state: 'waiting' });
  }

  /**
   * Sends a refused message once more, with its id, behind what waits in its room.
   *
   * @throws ParleyError `NOT_FOUND` where no such message was refused
   */
  resend(id: string): Sent {
    const found = this.#take(id);
    if (!found) throw new ParleyError('NOT_FOUND', 'No such message was refused.');
    const { error: _, ...message } = found.message;
    return this.#enqueue({ ...message, at: this.#tick(), state: 'waiting' });
  }

  /** Forgets a refused message; says whether there was one. */
  discard(id: string): boolean {
    const found = this.#take(id);
    if (!found) return false;
    this.parts.keeper.remove(id);
    this.hooks.changed(found.message.roomId);
    return true;
  }

  /** A session of this user has begun: what an earlier run or another tab left is read, and all goes out, in order. */
  resume(userId: string): void {
    if (this.#userId !== userId) this.#isOpen = false;
    this.#userId = userId;
    this.#opening = this.#open(userId);
    void this.#advanceAll();
  }

  /** Lets go of everything here; in the store it waits for its user's next login. */
  drop(): void {
    this.#empty((entry, error) => entry.reject(error));
  }

  /** Gives everything up, here and in the store. */
  clear(userId: string | null): void {
    this.#empty((entry, error) => this.#tellRefused(entry, error));
    this.parts.keeper.clear(userId);
  }

  /** What waits here without being kept was written before anybody knew whose it is: it comes behind what is older. */
  async #open(userId: string): Promise<void> {
    const kept = await this.parts.keeper.load(userId);
    if (this.#userId !== userId) return;
    this.#newestAt = Math.max(this.#newestAt, ...kept.map(({ at }) => at));
    const known = this.#entries();
    const fresh = this.#isOpen ? [] : known;
    if (!this.#isOpen) this.#lanes.clear();
    this.#isOpen = true;
    for (const stored of kept) {
      if (!known.some(({ message }) => message.id === stored.id))
        this.#laneOf(stored.roomId).entries.push(revived(stored));
    }
    for (const entry of fresh) {
      if (entry.userId !== null && entry.userId !== userId) {
        entry.reject(ParleyError.offline('Somebody else has signed in.'));
        continue;
      }
      entry.message = { ...entry.message, at: this.#tick() };
      this.#laneOf(entry.message.roomId).entries.push(entry);
      void this.#keep(entry);
    }
    for (const roomId of this.#lanes.keys()) this.hooks.changed(roomId);
  }

  async #advanceAll(): Promise<void> {
    await this.#opening;
    for (const [roomId, lane] of this.#lanes) {
      clearTimeout(lane.pause);
      lane.pause = undefined;
      this.#advance(roomId);
    }
  }

  #enqueue(message: PendingMessage): Sent {
    const { entry, sent } = newEntry(message, this.#userId ?? this.hooks.userId());
    this.#laneOf(message.roomId).entries.push(entry);
    // It would come back without the command's id, and so stay without an answer for ever.
    const isRefused = !isCarriable(message.draft);
    if (isRefused) this.#refuse(entry, new ParleyError('VALIDATION_FAILED', 'The text is not valid Unicode.'));
    else this.hooks.changed(message.roomId);
    if (this.#isOpen && !isRefused) void this.#keep(entry);
    return sent;
  }

  async #keep(entry: Entry): Promise<void> {
    const userId = this.#userId;
    if (userId === null) return;
    const { id, roomId, draft, at, error: refusal } = entry.message;
    await this.parts.keeper.put({ id, userId, roomId, draft, at, ...(refusal ? { refusal } : {}) });
    entry.isKept = true;
    this.#advance(roomId);
  }

  #advance(roomId: string): void {
    const { link } = this.parts;
    const lane = this.#lanes.get(roomId);
    const entry = lane?.entries.find(({ message }) => message.state === 'waiting');
    if (!lane || !entry?.isKept || lane.isUnderWay || lane.pause !== undefined || !link.isUp) return;
    lane.isUnderWay = true;
    const { id, draft } = entry.message;
    link.request('message.send', { ...draft, roomId, id }, ({ ack, error }) => {
      lane.isUnderWay = false;
      // Another user has signed in meanwhile.
      if (this.#lanes.get(roomId) !== lane) return;
      if (error && isPassing(error, entry)) return this.#wait(roomId, lane, error);
      lane.backoff.reset();
      if (ack) this.#settle(entry, ack);
      else this.#refuse(entry, error);
      this.#advance(roomId);
    });
  }

  /** A lost connection needs no pause of its own: `resume` comes with the next one. */
  #wait(roomId: string, lane: Lane, error: ParleyError): void {
    if (error.code === 'OFFLINE') return;
    lane.pause = setTimeout(() => {
      lane.pause = undefined;
      this.#advance(roomId);
    }, error.retryAfterMs ?? lane.backoff.next());
  }

  #settle(entry: Entry, ack: SendAck): void {
    const { id, roomId } = entry.message;
    this.#remove(entry);
    this.parts.keeper.remove(id);
    entry.resolve(ack);
    this.hooks.changed(roomId);
  }

  #refuse(entry: Entry, error: ParleyError): void {
    const { code, message } = error;
    entry.message = { ...entry.message, state: 'refused', error: { code, message } };
    if (this.#isOpen) void this.#keep(entry);
    this.#tellRefused(entry, error);
    this.hooks.changed(entry.message.roomId);
  }

  #tellRefused(entry: Entry, error: ParleyError): void {
    entry.reject(error);
    this.hooks.refused(entry.message, error);
  }

  #empty(tell: (entry: Entry, error: ParleyError) => void): void {
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    this.#userId = null;
    this.#isOpen = false;
    const error = ParleyError.offline('Signed out before it was stored.');
    for (const { pause } of lanes) clearTimeout(pause);
    const waiting = lanes.flatMap(({ entries }) => entries.filter(({ message }) => message.state === 'waiting'));
    for (const entry of waiting) tell(entry, error);
  }

  #entries(): Entry[] {
    return [...this.#lanes.values()].flatMap(({ entries }) => entries);
  }

  #laneOf(roomId: string): Lane {
    const { firstRetryMs, maxRetryMs } = this.parts.timing;
    const backoff = new Backoff(firstRetryMs, maxRetryMs);
    const lane = this.#lanes.get(roomId) ?? { entries: [], isUnderWay: false, pause: undefined, backoff };
    this.#lanes.set(roomId, lane);
    return lane;
  }

  /** Takes a refused message out. */
  #take(id: string): Entry | undefined {
    const found = this.#entries().find(({ message }) => message.id === id && message.state === 'refused');
    if (found) this.#remove(found);
    return found;
  }

  #remove(entry: Entry): void {
    const { roomId } = entry.message;
    const lane = this.#laneOf(roomId);
    lane.entries = lane.entries.filter((other) => other !== entry);
    if (lane.entries.length === 0 && !lane.isUnderWay) this.#lanes.delete(roomId);
  }

  #tick(): number {
    return (this.#newestAt = Math.max(Date.now(), this.#newestAt + 1));
  }
}

function revived({ id, roomId, draft, at, userId, refusal }: StoredMessage): Entry {
  const about = refusal ? ({ state: 'refused', error: refusal } as const) : ({ state: 'waiting' } as const);
  const { entry } = newEntry({ id, roomId, draft, text: draft.text ?? '', at, ...about }, userId);
  return { ...entry, isKept: true };
}
