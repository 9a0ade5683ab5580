import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { uniqueViolation } from '../database/errors.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Metrics } from '../metrics/metrics.js';
import type { SendAck } from '../protocol/commands.js';
import { ReadPositions } from '../rooms/members/read-position-store.js';
import { RecentSends } from './recent-sends.js';
import { type Send, toSendAck } from './send.js';
import { type FlushResult, SendBatch, findStored } from './send-batch.js';

/** Sends in one transaction. */
const FLUSH_SIZE = 256;
/** Sends that wait; one more is refused, so that a slow database costs bounded memory. */
const QUEUE_SIZE = 10_000;

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

  constructor(
    private readonly uow: UnitOfWork,
    private readonly batch: SendBatch,
    private readonly positions: ReadPositions,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Stores the message and returns its numbers after the commit. With an id that is stored already: the stored answer
   * with `duplicate`, if sender and body are the same.
   *
   * @throws ChatError `IDEMPOTENCY_CONFLICT` for another body or sender; `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`,
   *   `MUTED` where the sender may not write at the moment of the commit; `UNAVAILABLE` under overload or without a
   *   database: nothing was stored. `TIMEOUT`: unknown, and a repeat tells
   */
  write(send: Send): Promise<SendAck> {
    return new Promise<SendAck>((resolve, reject) => {
      send.onAnswer({ resolve, reject });
      if (this.queue.length >= QUEUE_SIZE) return send.fail(new ChatError('UNAVAILABLE', { retryAfterMs: 1000 }));
      this.queue.push(send);
      this.metrics.sendsWaiting.set(this.queue.length);
      this.running ??= this.run();
    });
  }

  /** Resolves when everything that was taken in is answered. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    // One turn, so that frames that came in one read share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const sends = this.queue.splice(0, FLUSH_SIZE);
      this.metrics.sendsWaiting.set(this.queue.length);
      await this.flush(sends);
    }
    this.running = null;
  }

  private async flush(sends: Send[]): Promise<void> {
    const end = this.metrics.flushSeconds.startTimer();
    try {
      await this.store(this.withoutTwins(sends));
    } catch (error) {
      for (const send of sends) send.fail(error);
    }
    end();
    this.metrics.flushSize.observe(sends.length);
  }

  /** Two sends of one id in the same flush are one message; one that the flush before has stored is answered. */
  private withoutTwins(sends: Send[]): Send[] {
    const first = new Map<string, Send>();
    for (const send of sends) {
      const twin = first.get(send.command.id);
      const known = this.recent.find(send.command.id);
      if (known) send.succeedAs(known);
      else if (!twin) first.set(send.command.id, send);
      else if (send.isTwinOf(twin)) twin.addTwin(send);
      else send.fail(new ChatError('IDEMPOTENCY_CONFLICT'));
    }
    return [...first.values()];
  }

  private async store(sends: Send[]): Promise<void> {
    if (sends.length === 0) return;
    try {
      this.settle(await this.uow.run((tx) => this.batch.write(tx, sends)));
    } catch (error) {
      if (uniqueViolation(error) === null) throw error;
      // Some id is stored already: the flush was rolled back and is repeated without the repeated ones.
      const left = await this.uow.run((tx) => this.settleRepeated(tx, sends));
      if (left.length === sends.length) throw error;
      await this.store(left);
    }
  }

  private async settleRepeated(tx: Tx, sends: Send[]): Promise<Send[]> {
    const stored = await findStored(tx, sends);
    for (const send of sends) {
      const found = stored.get(send.command.id);
      if (found) send.succeedAs(found);
    }
    return sends.filter((send) => !stored.has(send.command.id));
  }

  private settle({ stored, repeated, refused }: FlushResult): void {
    for (const { send, message } of stored) {
      const { id, roomId, senderId, bodyHash, rev, createdAt } = message;
      const known = { id, senderId, bodyHash, seq: Number(message.seq), rev, createdAt };
      this.recent.add(known);
      this.positions.noteOwnSend({ roomId, userId: send.userId, seq: known.seq });
      send.succeed(toSendAck(known, false), message);
    }
    for (const { send, found } of repeated) send.succeedAs(found);
    for (const { send, error } of refused) send.fail(error);
    this.metrics.messagesStored.inc(stored.length);
  }
}
