import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { RateLimits } from '../limits/rate-limits.js';
import { isUlid } from '../protocol/ulid.js';
import type { SendAck, SendMessage } from '../protocol/commands.js';
import type { MessageView } from '../protocol/views.js';
import { toMessageView } from '../rooms/message.view.js';
import { HistoryService } from './history.service.js';
import { MessageWriter } from './message-writer.js';
import { Send } from './send.js';

/** A message as it comes over REST: the key may be in the body or in a header, or be left out. */
export interface PostMessage {
  readonly roomId: string;
  readonly text: string;
  readonly id?: string;
  readonly idempotencyKey?: string;
}

/** What came of a post: the message, and whether it was there before. */
export interface Posted {
  readonly message: MessageView;
  readonly duplicate: boolean;
}

/** Sends messages, over WebSocket and REST alike. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly config: AppConfig,
    private readonly limits: RateLimits,
    private readonly writer: MessageWriter,
    private readonly history: HistoryService,
  ) {}

  /**
   * Stores the message and returns its numbers after the commit. The id is the idempotency key for ever: a repeat
   * returns the stored numbers with `duplicate`. Afterwards every member's connections get `message.created`, the
   * sender's too, in the room's order.
   *
   * @throws ChatError `VALIDATION_FAILED`, `RATE_LIMITED`, `IDEMPOTENCY_CONFLICT`, and what `MessageWriter.write` says
   */
  send(principal: Principal, command: SendMessage): Promise<SendAck> {
    return this.writer.write(this.take(principal, command));
  }

  /** The same over REST, where the answer is the message itself. */
  async post(principal: Principal, post: PostMessage): Promise<Posted> {
    const { roomId, text } = post;
    const id = idOf(post) ?? newId();
    const send = this.take(principal, { roomId, id, text });
    const { duplicate } = await this.writer.write(send);
    const message = send.message ? toMessageView(send.message) : await this.history.getOwn(principal, id);
    return { message, duplicate };
  }

  /** Waits until everything that was taken in is answered. */
  idle(): Promise<void> {
    return this.writer.idle();
  }

  private take(principal: Principal, command: SendMessage): Send {
    this.limits.take('sends', principal.userId);
    this.requireText(command.text);
    return new Send(principal.userId, command);
  }

  private requireText(text: string): void {
    const { textLength } = this.config.limits;
    const isTooLong = text.length > textLength && [...text].length > textLength;
    if (!isTooLong && /\S/u.test(text)) return;
    const message = isTooLong ? `must have at most ${textLength} characters` : 'must not be blank';
    throw new ChatError('VALIDATION_FAILED', { errors: [{ path: 'text', code: 'text', message }] });
  }
}

function idOf({ id, idempotencyKey }: PostMessage): string | undefined {
  if (idempotencyKey === undefined) return id;
  if (isUlid(idempotencyKey) && (id === undefined || id === idempotencyKey)) return idempotencyKey;
  const message = 'must be the ULID of the message, the same as its id';
  throw new ChatError('VALIDATION_FAILED', { errors: [{ path: 'Idempotency-Key', code: 'ulid', message }] });
}
