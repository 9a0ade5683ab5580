import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { every } from '../common/timers.js';
import { toRefusal, uniqueViolation } from '../database/errors.js';
import { Reads } from '../database/reads.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Metrics } from '../metrics/metrics.js';
import type { SendAck } from '../protocol/commands.js';
import { ReadPositions } from '../rooms/members/read-position-store.js';
import { DoubtfulSends } from './doubtful-sends.js';
import { RecentSends } from './recent-sends.js';
import { type Send, type StoredSend, toSendAck } from './send.js';
import { type FlushResult, type Queryable, SendBatch, findStored } from './send-batch.js';

/** Sends in one transaction. */
const FLUSH_SIZE = 256;
/** Sends that wait; one more is refused, so that a slow database costs bounded memory. */
const QUEUE_SIZE = 10_000;
/** Milliseconds after which a flush hangs: what waits behind it could not be answered in two seconds (P16), */
const HANGING_MS = 1500;
/** and after which its own sends are answered, too. Questions end sooner, so it hangs in what travels with the commit. */
const IN_DOUBT_MS = 1700;
/** Milliseconds between two looks at the running flush. */
const WATCH_MS = 200;
/**
 * Milliseconds for which a database that has just stored a flush is taken to be there. The next flush then goes to it as
 * one packet (ADR 0017), of which nobody knows what became of it if it is not; after a longer rest it is asked first, so
 * that a send to a database that is away is refused (P16) and not in doubt.
 */
const ANSWERING_MS = 20;
/** Milliseconds that a flush may take to fail without that what waits behind it fails too, before it waits again. */
const FAILED_FAST_MS = 300;

/**
 * Stores messages by group commit (ADR 0004). Sends of this node are gathered while the flush before is still running;
 * there is no timer, so idle means at once. A flush takes up to 256 of them, over all rooms, in one transaction.
 *
 * Sends leave in the order in which they came. A message is stored exactly once for its id, for ever: the database's
 * unique key decides, the rest only saves it the work.
 */
@Injectable()
export class MessageWriter {
  private readonly recent = new RecentSends();
  private readonly queue: Send[] = [];
  private running: Promise<void> | null = null;
  private flushing: readonly Send[] = [];
  /** When that flush began, on the monotonic clock, and when the last one was stored. */
  private begunAt = Infinity;
  private storedAt = -Infinity;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly reads: Reads,
    private readonly batch: SendBatch,
    private readonly positions: ReadPositions,
    private readonly doubtful: DoubtfulSends,
    private readonly metrics: Metrics,
  ) {
    metrics.watch('chat_sends_waiting_count', 'Sends that wait for their flush.', () => this.queue.length);
  }

  /**
   * Stores the message and returns its numbers after the commit. With an id that is stored already: the stored answer
   * with `duplicate`, if sender and body are the same.
   *
   * @throws ChatError `IDEMPOTENCY_CONFLICT` for another body or sender; `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`,
   *   `MUTED`, `ROOM_READ_ONLY`, `SLOW_MODE` where the sender may not write at the moment of the commit; `UNAVAILABLE` under overload, or within two
   *   seconds without a database: nothing was stored. `TIMEOUT`: unknown, and a repeat tells
   */
  write(send: Send): Promise<SendAck> {
    return new Promise<SendAck>((resolve, reject) => {
      send.onAnswer({ resolve, reject });
      if (this.hasHungFor(HANGING_MS) || this.queue.length >= QUEUE_SIZE) return this.refuse(send);
      this.queue.push(send);
      this.running ??= this.run();
    });
  }

  /** Resolves when everything that was taken in is answered. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    const stopWatch = every(WATCH_MS, 'messages.watchFlush', () => this.watchFlush());
    while (this.queue.length > 0) {
      await this.gather();
      const sends = this.queue.splice(0, FLUSH_SIZE);
      await this.flush(sends);
    }
    stopWatch();
    this.running = null;
  }

  /** Sends that are on their way at this moment share the commit: a turn that brought some is followed by another. */
  private async gather(): Promise<void> {
    for (let before = 0; before < this.queue.length && this.queue.length < FLUSH_SIZE;) {
      before = this.queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private async flush(sends: Send[]): Promise<void> {
    const end = this.metrics.flushSeconds.startTimer();
    this.begunAt = performance.now();
    this.flushing = sends;
    try {
      await this.store(await this.withoutRepeated(this.withoutTwins(sends)));
    } catch (error) {
      this.remember(error, sends);
      for (const send of sends) send.fail(error);
      if (performance.now() - this.begunAt > FAILED_FAST_MS) this.refuseWaiting();
    }
    this.begunAt = Infinity;
    this.flushing = [];
    end();
    this.metrics.flushSize.observe(sends.length);
  }

  /** What is in doubt is looked up when it comes again, for who refuses it then says that it is not stored. */
  private remember(error: unknown, sends: readonly Send[]): void {
    if (!(error instanceof ChatError) || error.code !== 'TIMEOUT') return;
    for (const send of sends) this.recent.add(send.command.id);
    this.doubtful.add(sends);
  }

  private hasHungFor(ms: number): boolean {
    return performance.now() - this.begunAt > ms;
  }

  /** A flush goes on after its sends were answered: what it has stored then is delivered, and a repeat gets its ack. */
  private watchFlush(): void {
    if (this.hasHungFor(HANGING_MS)) this.refuseWaiting();
    if (this.hasHungFor(IN_DOUBT_MS)) for (const send of this.flushing) send.fail(new ChatError('TIMEOUT'));
  }

  /** Refuses what was not begun. It is not stored then, but for a repeat of what is, or may be at this moment. */
  private refuse(send: Send): void {
    const { id } = send.command;
    const isInDoubt = this.recent.has(id) || this.flushing.some(({ command }) => command.id === id);
    send.fail(isInDoubt ? new ChatError('TIMEOUT') : unavailable());
  }

  private refuseWaiting(): void {
    for (const send of this.queue.splice(0)) this.refuse(send);
  }

  /** Two sends of one id in the same flush are one message. */
  private withoutTwins(sends: Send[]): Send[] {
    const first = new Map<string, Send>();
    for (const send of sends) {
      const twin = first.get(send.command.id);
      if (!twin) first.set(send.command.id, send);
      else if (send.isTwinOf(twin)) twin.addTwin(send);
      else send.fail(new ChatError('IDEMPOTENCY_CONFLICT'));
    }
    return first.size === sends.length ? sends : [...first.values()];
  }

  /** Answers those that this node has stored lately. */
  private async withoutRepeated(sends: Send[]): Promise<Send[]> {
    const known = sends.filter((send) => this.recent.has(send.command.id));
    if (known.length === 0) return sends;
    const left = await this.settleRepeated(this.reads, known).catch((error: unknown) => {
      // They may be stored, so nothing else would be true of them; of the others, nothing was begun.
      for (const send of known) send.fail(new ChatError('TIMEOUT', { cause: error }));
      throw toRefusal(error);
    });
    const [asked, unanswered] = [new Set(known), new Set(left)];
    return sends.filter((send) => !asked.has(send) || unanswered.has(send));
  }

  private async store(sends: Send[]): Promise<void> {
    if (sends.length === 0) return;
    try {
      const isAnswering = performance.now() - this.storedAt < ANSWERING_MS;
      this.settle(await this.uow.run((tx) => this.batch.write(tx, sends, isAnswering)));
      this.storedAt = performance.now();
    } catch (error) {
      if (uniqueViolation(error) === null) throw error;
      // Some id is stored already: the flush was rolled back and is repeated without the repeated ones.
      const left = await this.uow.run((tx) => this.settleRepeated(tx, sends));
      if (left.length === sends.length) throw error;
      await this.store(left);
    }
  }

  private async settleRepeated(from: Queryable, sends: Send[]): Promise<Send[]> {
    const stored = await findStored(from, sends);
    for (const send of sends) {
      const found = stored.get(send.command.id);
      if (found) this.settleAs(send, found);
    }
    return sends.filter((send) => !stored.has(send.command.id));
  }

  private settleAs(send: Send, found: StoredSend): void {
    this.doubtful.confirm(found);
    send.succeedAs(found);
  }

  private settle({ stored, repeated, refused }: FlushResult): void {
    for (const { send, message } of stored) {
      const { id, roomId, senderId, bodyHash, rev, createdAt } = message;
      const known = { id, senderId, bodyHash, seq: Number(message.seq), rev, createdAt };
      this.recent.add(id);
      this.positions.noteOwnSend({ roomId, userId: send.userId, seq: known.seq });
      send.succeed(toSendAck(known, false), message);
    }
    for (const { send, found } of repeated) this.settleAs(send, found);
    for (const { send, error } of refused) send.fail(error);
    this.metrics.messagesStored.inc(stored.length);
  }
}

const unavailable = (): ChatError => new ChatError('UNAVAILABLE', { retryAfterMs: 1000 });
