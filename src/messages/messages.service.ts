import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { toTime } from '../common/clock.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { RateLimits } from '../limits/rate-limits.js';
import { isUlid } from '../protocol/ulid.js';
import type { SendAck, SendMessage } from '../protocol/commands.js';
import type { MessageView } from '../protocol/views.js';
import { contentOf } from '../rooms/message-content.js';
import { toMessageView } from '../rooms/message.view.js';
import { HistoryService } from './history.service.js';
import { MessageAccess } from './message-access.js';
import { MessageQueries } from './message.queries.js';
import { requireText } from './message-text.js';
import { MessageWriter } from './message-writer.js';
import { type Forwarded, Send } from './send.js';

/** A message as it comes over REST: the key may be in the body or in a header, or be left out. */
export interface PostMessage extends Omit<SendMessage, 'id'> {
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
    private readonly seen: MessageAccess,
    private readonly queries: MessageQueries,
  ) {}

  /**
   * Stores the message and returns its numbers after the commit. The id is the idempotency key for ever: a repeat
   * returns the stored numbers with `duplicate`. Afterwards every member's connections get `message.created`, the
   * sender's too, in the room's order.
   *
   * @throws ChatError `VALIDATION_FAILED`, `RATE_LIMITED`, `IDEMPOTENCY_CONFLICT`, `NOT_FOUND` or `GONE` for what it answers
   *   to or copies, `FORBIDDEN` for mentioning everybody, and what `MessageWriter.write` says
   */
  send(principal: Principal, command: SendMessage): Promise<SendAck> {
    this.require(principal, command);
    if (command.forwardOf === undefined) return this.writer.write(new Send(principal.userId, command));
    return this.forward(principal, command).then((send) => this.writer.write(send));
  }

  /** The same over REST, where the answer is the message itself. */
  async post(principal: Principal, post: PostMessage): Promise<Posted> {
    const { idempotencyKey: _, ...fields } = post;
    const id = idOf(post) ?? newId();
    const command = { ...fields, id };
    this.require(principal, command);
    const send =
      command.forwardOf === undefined ? new Send(principal.userId, command) : await this.forward(principal, command);
    const { duplicate } = await this.writer.write(send);
    const { message: stored } = send;
    const message = stored?.payload === null ? toMessageView(stored) : await this.history.getOwn(principal, id);
    return { message, duplicate };
  }

  /** Waits until everything that was taken in is answered. */
  idle(): Promise<void> {
    return this.writer.idle();
  }

  /** Counts it, and looks at what can be looked at without the room. */
  private require(principal: Principal, command: SendMessage): void {
    this.limits.take('sends', principal.userId);
    const { text = '', forwardOf, replyToId, mentions, attachmentIds } = command;
    const { textLength } = this.config.limits;
    if (forwardOf === undefined) return requireText(text, textLength, (attachmentIds?.length ?? 0) > 0);
    const isAlone = [command.text, replyToId, mentions, attachmentIds].every((part) => part === undefined);
    if (!isAlone) throw refused('forwardOf', 'forward', 'takes the place of everything else in a message');
  }

  /** What the message says now is copied; who may not see it may not forward it, but hear of what he forwarded before. */
  private async forward(principal: Principal, command: SendMessage): Promise<Send> {
    const { userId } = principal;
    try {
      return new Send(userId, command, await this.copyOf(principal, command.forwardOf ?? ''));
    } catch (error) {
      const stored = error instanceof ChatError ? await this.queries.find(command.id) : null;
      if (!stored) throw error;
      // It is there, so the writer answers with it, or with the clash of ids: nothing of this copy is stored.
      return new Send(userId, command, {
        text: '',
        source: { id: '', senderId: null, createdAt: '' },
        attachmentIds: [],
      });
    }
  }

  private async copyOf(principal: Principal, id: string): Promise<Forwarded> {
    const { message } = await this.seen.requireSeen(principal, { id });
    if (message.kind !== 'text') throw new ChatError('FORBIDDEN');
    if (message.deletedAt !== null) throw new ChatError('GONE');
    const { forwarded, attachments = [] } = contentOf(message);
    const { senderId, createdAt } = message;
    const source = forwarded ?? { id, senderId, createdAt: toTime(createdAt) };
    return { text: message.text ?? '', source, attachmentIds: attachments.map((attachment) => attachment.id) };
  }
}

function idOf({ id, idempotencyKey }: PostMessage): string | undefined {
  if (idempotencyKey === undefined) return id;
  if (isUlid(idempotencyKey) && (id === undefined || id === idempotencyKey)) return idempotencyKey;
  throw refused('Idempotency-Key', 'ulid', 'must be the ULID of the message, the same as its id');
}

const refused = (path: string, code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path, code, message }] });
