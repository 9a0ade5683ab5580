import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { SignedLinks } from '../auth/signed-links.service.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { AttachmentView } from '../protocol/attachment-views.js';
import { AttachmentAccess } from './attachment-access.js';
import { AttachmentFiles } from './attachment-files.service.js';
import type { Attachment } from './attachment.entity.js';
import { type AttachmentFacts, toAttachmentFacts, toAttachmentView } from './attachment.view.js';
import { requireQuota } from './attachment-quota.js';
import { AttachmentsQueries } from './attachments.queries.js';

/** The message that attachments belong to, and who sends it. */
export interface AttachmentPlace {
  readonly roomId: string;
  readonly messageId: string;
  readonly rev: number;
  readonly senderId: string;
}

/** What becomes of attachments once they are uploaded. */
@Injectable()
export class AttachmentsService {
  constructor(
    private readonly config: AppConfig,
    private readonly uow: UnitOfWork,
    private readonly queries: AttachmentsQueries,
    private readonly access: AttachmentAccess,
    private readonly files: AttachmentFiles,
    private readonly links: SignedLinks,
  ) {}

  /**
   * Gives the sender's uploads to a message, in the transaction that stores it. From its commit on, who may see the
   * message may load them, and they are not his to delete any more.
   *
   * @returns what the message keeps of them, in the order of the ids
   * @throws ChatError `VALIDATION_FAILED` (`attachmentIds`), before anything is written, for more than
   *   `limits.attachmentsPerMessage`, for an id that stands twice, and for what is no upload of the sender's that waits
   *   to be sent
   */
  async claim(tx: Tx, ids: readonly string[], place: AttachmentPlace): Promise<AttachmentFacts[]> {
    if (ids.length === 0) return [];
    this.requireFew(ids);
    const rows = await this.queries.lock(tx, ids);
    const isHis = rows.every((row) => row.ownerId === place.senderId && row.messageId === null);
    if (!isHis || rows.length < ids.length)
      throw refused('mustBeUnsent', 'must be uploads of yours that wait to be sent');
    const { roomId, messageId, rev } = place;
    const sql = `UPDATE attachments SET roomId = ?, messageId = ?, rev = ? WHERE id IN (${placeholders(ids)})`;
    await tx.post({ sql, parameters: [roomId, messageId, rev, ...ids] });
    return inOrder(rows, ids).map(toAttachmentFacts);
  }

  /**
   * Gives copies of attachments to another message, in the transaction that stores it: of what its sender may load at
   * that moment. Nothing is stored twice, but they count for his quota.
   *
   * @returns what the message keeps of the copies, in the order of the ids
   * @throws ChatError `VALIDATION_FAILED` (`attachmentIds`) for too many, for one that stands twice, and for one that the
   *   sender may not load; `QUOTA_EXCEEDED`
   */
  async copy(tx: Tx, ids: readonly string[], place: AttachmentPlace): Promise<AttachmentFacts[]> {
    if (ids.length === 0) return [];
    this.requireFew(ids);
    // So that their files stay.
    await this.queries.lock(tx, ids);
    const rows = await this.access.visibleIn(tx, place.senderId, ids);
    if (rows.length < ids.length) throw refused('notFound', 'must be attachments that you may see');
    await this.requireRoom(tx, place.senderId, rows);
    const copies = inOrder(rows, ids).map((row) => copyOf(row, place));
    await this.queries.insert(tx, copies);
    return copies.map(toAttachmentFacts);
  }

  /**
   * Takes its attachments from a message that is deleted in this transaction. After the commit nobody can load them, and
   * the files that nothing else names are removed.
   */
  async release(tx: Tx, messageId: string): Promise<void> {
    await this.files.removeRows(tx, await this.queries.lockOfMessage(tx, messageId));
  }

  /** Attachments as they stand in answers: with links that are signed for the principal's login. */
  signedViews(principal: Principal, facts: readonly AttachmentFacts[]): AttachmentView[] {
    return facts.map((one) => toAttachmentView(one, this.links.sign(principal, one.id)));
  }

  /**
   * Removes an upload of the principal's that waits to be sent.
   *
   * @throws ChatError `NOT_FOUND` for what is not his; `CONFLICT` for what is sent
   */
  async remove({ userId }: Principal, id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const rows = await this.queries.lock(tx, [id]);
      if (rows[0]?.ownerId !== userId) throw new ChatError('NOT_FOUND');
      if (rows[0].messageId !== null) throw new ChatError('CONFLICT', { detail: 'It is sent; delete the message.' });
      await this.files.removeRows(tx, rows);
    });
  }

  private requireFew(ids: readonly string[]): void {
    const { attachmentsPerMessage } = this.config.limits;
    if (ids.length > attachmentsPerMessage) throw refused('tooMany', `must be at most ${attachmentsPerMessage}`);
    if (new Set(ids).size < ids.length) throw refused('repeated', 'must each be named once');
  }

  private async requireRoom(tx: Tx, userId: string, rows: readonly Attachment[]): Promise<void> {
    const more = rows.reduce((sum, row) => sum + row.bytes, 0);
    requireQuota(this.config.limits, await this.queries.lockUsage(tx, userId), { files: rows.length, bytes: more });
  }
}

const refused = (code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: 'attachmentIds', code, message }] });

function inOrder(rows: readonly Attachment[], ids: readonly string[]): Attachment[] {
  return [...rows].sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
}

function copyOf(row: Attachment, { roomId, messageId, rev, senderId }: AttachmentPlace): Attachment {
  const { name, mediaType, bytes, sha256, width, height, storageKey, thumbnailKey } = row;
  const facts = { name, mediaType, bytes, sha256, width, height, storageKey, thumbnailKey };
  return { id: newId(), ownerId: senderId, roomId, messageId, rev, ...facts };
}
