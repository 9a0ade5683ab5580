import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { toTime } from '../../common/clock.js';
import { AppConfig } from '../../config/app-config.js';
import { Reads } from '../../database/reads.js';
import { insertRows } from '../../database/sql.js';
import { RateLimits } from '../../limits/rate-limits.js';
import type { RevisionView } from '../../protocol/message-views.js';
import type { Page } from '../../protocol/views.js';
import { contentOf } from '../../rooms/message-content.js';
import { MessageAccess, type MessageTarget } from '../message-access.js';
import { requireText } from '../message-text.js';
import { type LastChange, type MessageEdit, MessageEdits } from './message-edits.service.js';

/** Another text for a message. */
export interface TextEdit extends MessageTarget {
  readonly text: string;
  /** The `lastRev` that the author knows: an edit of what has changed since is refused. */
  readonly expectedRev?: number;
}

/** What authors make of what they said, and what they had said before. */
@Injectable()
export class TextEdits {
  constructor(
    private readonly config: AppConfig,
    private readonly limits: RateLimits,
    private readonly edits: MessageEdits,
    private readonly seen: MessageAccess,
    private readonly reads: Reads,
  ) {}

  /**
   * Gives the caller's own message another text; the one before is kept as a revision. The same text changes nothing.
   * Members who may see the message get `message.edited`.
   *
   * @throws ChatError `VALIDATION_FAILED`, `RATE_LIMITED`, `NOT_FOUND`; `FORBIDDEN` for a message of somebody else, a
   *   forwarded one and a notice; `GONE` for a deleted one; `EDIT_WINDOW_CLOSED` after `limits.editWithinMs`;
   *   `VERSION_CONFLICT` where it is not as `expectedRev` says; `QUOTA_EXCEEDED` behind `limits.revisions` edits; and why
   *   one may not write in the room
   */
  async edit(principal: Principal, edit: TextEdit): Promise<LastChange> {
    this.limits.take('sends', principal.userId);
    const { textLength } = this.config.limits;
    requireText(edit.text, textLength, true);
    const scope = { ...edit, principal, rule: 'message.edit', event: 'message.edited' } as const;
    return this.edits.run(scope, async (found) => {
      requireOwnText(found, principal);
      const { head, message } = found;
      // Also for one who repeats an edit whose answer was lost: it is as he wants it.
      if (message.text === edit.text) return message;
      this.requireInTime(found, edit);
      requireText(edit.text, textLength, contentOf(message).attachments !== undefined);
      await keepRevision(found, this.config.limits.revisions);
      return { ...message, text: edit.text, editedAt: head.at };
    });
  }

  /** What a message said, oldest first; the last one is what it says now. Throws `NOT_FOUND`; `GONE` for a deleted one. */
  async revisions(principal: Principal, id: string): Promise<Page<RevisionView>> {
    await this.seen.requireSeen(principal, { id });
    const before = await this.reads.query<{ no: number; text: string | null; createdAt: number }>(
      'SELECT no, text, createdAt FROM message_revisions WHERE messageId = ? ORDER BY no',
      [id],
    );
    // Behind them: who was removed meanwhile is not shown what was edited since.
    const { message } = await this.seen.requireSeen(principal, { id });
    if (message.deletedAt !== null) throw new ChatError('GONE');
    const now = { no: before.length + 1, text: message.text, createdAt: message.editedAt ?? message.createdAt };
    const items = [...before, now].map(({ no, text, createdAt }) => ({
      no: Number(no),
      text,
      createdAt: toTime(Number(createdAt)),
    }));
    return { items, next: null };
  }

  private requireInTime({ head, message }: MessageEdit, { expectedRev }: TextEdit): void {
    if (head.at - message.createdAt > this.config.limits.editWithinMs) throw new ChatError('EDIT_WINDOW_CLOSED');
    if (expectedRev !== undefined && expectedRev !== message.lastRev) throw new ChatError('VERSION_CONFLICT');
  }
}

function requireOwnText({ message }: MessageEdit, { userId }: Principal): void {
  if (message.senderId !== userId || message.kind !== 'text') throw new ChatError('FORBIDDEN');
  if (message.deletedAt !== null) throw new ChatError('GONE');
  if (contentOf(message).forwarded) {
    throw new ChatError('FORBIDDEN', { detail: 'A forwarded message cannot be edited.' });
  }
}

/** Throws `QUOTA_EXCEEDED` where as many are kept as may be: they are read as one list. */
async function keepRevision({ tx, message }: MessageEdit, most: number): Promise<void> {
  const { id: messageId, text, createdAt, editedAt } = message;
  const [{ last }] = await tx.query<{ last: number | null }>(
    'SELECT MAX(no) AS last FROM message_revisions WHERE messageId = ?',
    [messageId],
  );
  const no = Number(last ?? 0) + 1;
  if (no > most) throw new ChatError('QUOTA_EXCEEDED', { detail: 'A message can be edited only so many times.' });
  await insertRows(tx, 'message_revisions', [{ messageId, no, text, createdAt: editedAt ?? createdAt }]);
}
