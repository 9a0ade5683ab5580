import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { type Stop, after } from '../../common/timers.js';
import { AppConfig } from '../../config/app-config.js';
import { MessageAccess, type MessageTarget } from '../message-access.js';
import { emojiOf } from './emoji.js';
import type { LastChange } from './message-edits.service.js';
import { ReactionBatch } from './reaction-batch.service.js';
import type { ReactionWish } from './reaction-tally.js';

/** Wishes that may wait for a message, and go with one transaction: who is taken in waits for one pause at most. */
const MOST_WAITING = 500;

interface Waiting {
  readonly wish: ReactionWish;
  readonly resolve: (done: LastChange) => void;
  readonly reject: (error: unknown) => void;
}

/** The reactions to one message that wait for their turn. */
interface Line {
  readonly place: { readonly roomId: string; readonly rev: number };
  readonly waiting: Waiting[];
  /** Ends the pause behind the last change; null while a transaction runs. */
  stopPause: Stop | null;
}

/**
 * Reactions to messages. The first to a message is carried out at once; those that come within
 * `limits.reactionsEveryMs` behind it wait and are one change, so a storm on one message is at most one frame a second to
 * everybody, from each node.
 */
@Injectable()
export class ReactionsService implements OnModuleDestroy {
  private readonly lines = new Map<string, Line>();
  private isEnding = false;

  constructor(
    private readonly config: AppConfig,
    private readonly seen: MessageAccess,
    private readonly batch: ReactionBatch,
  ) {}

  /**
   * Adds the caller's reaction to a message, or takes it back; what is so already changes nothing. Members who may see
   * the message get `message.reacted`.
   *
   * @param wish `emoji`: one emoji, with or without its variation selector
   * @param onQueued called when its place among the reactions to that message is certain
   * @throws ChatError `VALIDATION_FAILED`, `NOT_FOUND`, `MUTED`, `BLOCKED`, `ROOM_ARCHIVED`; `GONE` for a deleted message;
   *   `FORBIDDEN` for a notice; `QUOTA_EXCEEDED` for one more than `limits.reactionKinds` different ones; `UNAVAILABLE` where
   *   too many wait for that message
   */
  async react(
    principal: Principal,
    wish: MessageTarget & { readonly emoji: string; readonly added: boolean },
    onQueued: () => void = () => undefined,
  ): Promise<LastChange> {
    const emoji = requireEmoji(wish.emoji);
    const { message } = await this.seen.requireSeen(principal, wish);
    if (message.kind !== 'text') throw new ChatError('FORBIDDEN');
    const { id, roomId, rev } = message;
    const isFull = (this.lines.get(id)?.waiting.length ?? 0) >= MOST_WAITING;
    if (isFull || this.isEnding)
      throw new ChatError('UNAVAILABLE', { retryAfterMs: this.config.limits.reactionsEveryMs });
    return new Promise((resolve, reject) => {
      const waiting = { wish: { userId: principal.userId, emoji, added: wish.added }, resolve, reject };
      const line = this.lines.get(id);
      if (line) line.waiting.push(waiting);
      else this.begin(id, { place: { roomId, rev }, waiting: [waiting], stopPause: null });
      onQueued();
    });
  }

  onModuleDestroy(): void {
    this.isEnding = true;
    for (const { stopPause, waiting } of this.lines.values()) {
      stopPause?.();
      for (const { reject } of waiting) reject(new ChatError('UNAVAILABLE'));
    }
  }

  private begin(messageId: string, line: Line): void {
    this.lines.set(messageId, line);
    void this.run(messageId, line);
  }

  private async run(messageId: string, line: Line): Promise<void> {
    line.stopPause = null;
    const taken = line.waiting.splice(0);
    await this.carryOut(line, taken);
    if (this.isEnding) return;
    line.stopPause = after(this.config.limits.reactionsEveryMs, 'messages.reactions', () => {
      if (line.waiting.length > 0) return this.run(messageId, line);
      this.lines.delete(messageId);
    });
  }

  private async carryOut({ place }: Line, taken: readonly Waiting[]): Promise<void> {
    const wishes = taken.map(({ wish }) => wish);
    try {
      const { rev, errors } = await this.batch.apply(place, wishes);
      taken.forEach(({ resolve, reject }, i) => (errors[i] ? reject(errors[i]) : resolve({ rev })));
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  }
}

function requireEmoji(text: string): string {
  const emoji = emojiOf(text);
  if (emoji !== null) return emoji;
  const errors = [{ path: 'emoji', code: 'emoji', message: 'must be one emoji' }];
  throw new ChatError('VALIDATION_FAILED', { errors });
}
