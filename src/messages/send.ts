import { hash } from 'node:crypto';
import { ChatError } from '../common/chat-error.js';
import { toTime } from '../common/clock.js';
import { JSON_OF } from '../common/json.js';
import type { SendAck, SendMessage } from '../protocol/commands.js';
import type { ForwardSource } from '../rooms/message-content.js';
import type { Message } from '../rooms/message.entity.js';

/** What is copied of a message, as it was when it was forwarded. */
export interface Forwarded {
  readonly text: string;
  readonly source: ForwardSource;
  readonly attachmentIds: readonly string[];
}

/** A send on its way through the writer; it is answered exactly once. */
export class Send {
  readonly bodyHash: string;
  readonly text: string;
  /** Whether it has anything beside its text. */
  readonly hasParts: boolean;
  /** The row, where this send stored it; null of a repeat. */
  message: Message | null = null;
  /** Later sends of the same id and body that came into the same flush. */
  private twins: Send[] | null = null;
  private answer: Answer | null = null;

  constructor(
    readonly userId: string,
    readonly command: SendMessage,
    /** What is copied, where that is asked for. */
    readonly forwarded: Forwarded | null = null,
  ) {
    const { replyToId, mentions = [], attachmentIds = [], forwardOf } = command;
    this.text = forwarded?.text ?? command.text ?? '';
    this.hasParts =
      replyToId !== undefined || forwardOf !== undefined || mentions.length > 0 || attachmentIds.length > 0;
    this.bodyHash = bodyHashOf(command, this.hasParts);
  }

  /** Who waits for the answer. */
  onAnswer(answer: Answer): void {
    this.answer = answer;
  }

  isTwinOf(other: Send): boolean {
    return other.userId === this.userId && other.bodyHash === this.bodyHash;
  }

  addTwin(twin: Send): void {
    (this.twins ??= []).push(twin);
  }

  succeed(ack: SendAck, message: Message | null = null): void {
    this.message = message;
    this.answer?.resolve(ack);
    for (const twin of this.twins ?? []) twin.succeed({ ...ack, duplicate: true });
  }

  /** Answers with what is stored under the id: the same message, or a clash. */
  succeedAs(stored: StoredSend): void {
    if (stored.senderId === this.userId && stored.bodyHash === this.bodyHash) {
      this.succeed(toSendAck(stored, true));
    } else {
      this.fail(new ChatError('IDEMPOTENCY_CONFLICT'));
    }
  }

  fail(error: unknown): void {
    this.answer?.reject(error);
    for (const twin of this.twins ?? []) twin.fail(error);
  }
}

interface Answer {
  readonly resolve: (ack: SendAck) => void;
  readonly reject: (error: unknown) => void;
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
function bodyHashOf({ roomId, text = '', ...parts }: SendMessage, hasParts: boolean): string {
  const body = hasParts ? `${roomId}${text}\0${partsText(parts)}` : roomId + text;
  return hash('sha256', body, 'base64url').slice(0, 22);
}

/** A text holds no NUL, so what stands behind one is never a part of it. */
const partsText = ({ replyToId, mentions, forwardOf, attachmentIds }: Omit<SendMessage, 'roomId' | 'text'>): string =>
  JSON.stringify([replyToId, mentions, forwardOf, attachmentIds]);

/** The answer that belongs to a stored message. */
export const toSendAck = (stored: StoredSend, duplicate: boolean): SendAck => new StoredAck(stored, duplicate);

class StoredAck implements SendAck {
  readonly id: string;
  readonly seq: number;
  readonly rev: number;
  readonly createdAt: string;
  readonly duplicate: boolean;

  constructor(stored: StoredSend, duplicate: boolean) {
    this.id = stored.id;
    this.seq = Number(stored.seq);
    this.rev = Number(stored.rev);
    this.createdAt = toTime(Number(stored.createdAt));
    this.duplicate = duplicate;
  }

  /** In none of these is anything to escape, and there is one for each message. */
  [JSON_OF](): string {
    const { id, seq, rev, createdAt, duplicate } = this;
    return `{"id":"${id}","seq":${seq},"rev":${rev},"createdAt":"${createdAt}","duplicate":${duplicate}}`;
  }
}
