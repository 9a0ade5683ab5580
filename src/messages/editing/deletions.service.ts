import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { AttachmentsService } from '../../attachments/attachments.service.js';
import { ChatError } from '../../common/chat-error.js';
import { AppConfig } from '../../config/app-config.js';
import { ROOM_RULES } from '../../rooms/action-access.js';
import { contentOf } from '../../rooms/message-content.js';
import type { MessageTarget } from '../message-access.js';
import { type LastChange, type MessageEdit, MessageEdits } from './message-edits.service.js';

/** Deleting messages, for all. */
@Injectable()
export class Deletions {
  constructor(
    private readonly config: AppConfig,
    private readonly edits: MessageEdits,
    private readonly attachments: AttachmentsService,
  ) {}

  /**
   * Leaves of a message nothing but that it was there: who, when, and its numbers. Its author may within
   * `limits.deleteWithinMs`, the admins of a room always. Repeating it changes nothing. Members who may see it get
   * `message.deleted`.
   *
   * @throws ChatError `NOT_FOUND`; `FORBIDDEN` for a message of somebody else and for a notice; `EDIT_WINDOW_CLOSED`;
   *   `ROOM_ARCHIVED`
   */
  delete(principal: Principal, target: MessageTarget): Promise<LastChange> {
    const scope = { ...target, principal, rule: 'message.delete', event: 'message.deleted' } as const;
    return this.edits.run(scope, async (edit) => {
      const { head, message } = edit;
      this.requireDeletable(edit, principal);
      if (message.deletedAt !== null) return message;
      await removeParts(edit);
      if (contentOf(message).attachments) await this.attachments.release(edit.tx, message.id);
      return { ...message, text: null, payload: null, deletedAt: head.at };
    });
  }

  private requireDeletable({ head, member, message }: MessageEdit, { userId }: Principal): void {
    if (message.kind !== 'text') throw new ChatError('FORBIDDEN');
    if (ROOM_RULES['message.deleteAny'](head, member, head.at) === null) return;
    if (message.senderId !== userId) throw new ChatError('FORBIDDEN');
    if (message.deletedAt !== null) return;
    if (head.at - message.createdAt > this.config.limits.deleteWithinMs) throw new ChatError('EDIT_WINDOW_CLOSED');
  }
}

/**
 * What hangs on a message goes with its text: what it said before, reactions, its pin. That it spoke to somebody still
 * counts until he has read that far, as the tombstone itself does: counters follow from the read mark alone.
 */
async function removeParts({ tx, message }: MessageEdit): Promise<void> {
  const { id, roomId } = message;
  const { pinned, reactions } = contentOf(message);
  await tx.execute('DELETE FROM message_revisions WHERE messageId = ?', [id]);
  if (reactions) await tx.execute('DELETE FROM reactions WHERE messageId = ?', [id]);
  if (pinned) await tx.execute('DELETE FROM pins WHERE roomId = ? AND messageId = ?', [roomId, id]);
}
