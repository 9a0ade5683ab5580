import { hash } from 'node:crypto';
import { ChatError } from '../common/chat-error.js';
import { toTime } from '../common/clock.js';
import type { SendAck, SendMessage } from '../protocol/commands.js';
import type { Message } from '../rooms/message.entity.js';

/** What became of a send: its numbers, and the row where it was stored just now. */
export interface Sent {
  readonly ack: SendAck;
  readonly message: Message | null;
}

/** A send on its way through the writer; it is answered exactly once. */
export class Send {
  readonly bodyHash: string;
  /** Later sends of the same id and body that came into the same flush. */
  private readonly twins: Send[] = [];

  constructor(
    readonly userId: string,
    readonly command: SendMessage,
    private readonly answer: { resolve: (sent: Sent) => void; reject: (error: unknown) => void },
  ) {
    this.bodyHash = bodyHashOf(command);
  }

  isTwinOf(other: Send): boolean {
    return other.userId === this.userId && other.bodyHash === this.bodyHash;
  }

  addTwin(twin: Send): void {
    this.twins.push(twin);
  }

  succeed(sent: Sent): void {
    this.answer.resolve(sent);
    for (const twin of this.twins) twin.succeed({ ack: { ...sent.ack, duplicate: true }, message: null });
  }

  /** Answers with what is stored under the id: the same message, or a clash. */
  succeedAs(stored: StoredSend): void {
    if (stored.senderId === this.userId && stored.bodyHash === this.bodyHash) {
      this.succeed({ ack: toSendAck(stored, true), message: null });
    } else {
      this.fail(new ChatError('IDEMPOTENCY_CONFLICT'));
    }
  }

  fail(error: unknown): void {
    this.answer.reject(error);
    for (const twin of this.twins) twin.fail(error);
  }
}

/** What is compared when an id comes again. */
export interface StoredSend {
  readonly id: string;
  readonly senderId: string | null;
  readonly bodyHash: string | null;
  readonly seq: number;
  readonly rev: number;
  readonly createdAt: number;
}

/** 132 bits of SHA-256 over everything that makes two sends the same message. */
const bodyHashOf = (command: SendMessage): string =>
  hash('sha256', JSON.stringify([command.roomId, command.text]), 'base64url').slice(0, 22);

/** The answer that belongs to a stored message. */
export const toSendAck = (stored: StoredSend, duplicate: boolean): SendAck => ({
  id: stored.id,
  seq: Number(stored.seq),
  rev: Number(stored.rev),
  createdAt: toTime(Number(stored.createdAt)),
  duplicate,
});
