import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { Turns } from '../common/turns.js';
import { AppConfig } from '../config/app-config.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { IdempotencyKeys } from '../limits/idempotency-keys.service.js';
import { UserRevs } from '../users/user-revs.service.js';
import { AttachmentFiles, type FileKeys } from './attachment-files.service.js';
import { requireQuota } from './attachment-quota.js';
import type { Attachment } from './attachment.entity.js';
import { AttachmentsQueries, type Usage } from './attachments.queries.js';

/** What is to become an attachment. */
export interface AttachmentDraft {
  /** On this machine; it may be gone from there afterwards. */
  readonly path: string;
  readonly facts: Pick<Attachment, 'name' | 'mediaType' | 'bytes' | 'sha256' | 'width' | 'height'>;
  readonly thumbnail: Buffer | null;
  /** The `Idempotency-Key` of the request, and what it is for. */
  readonly key: string | undefined;
  readonly body: unknown;
}

/** An attachment with whether this request made it. */
export interface TakenAttachment {
  readonly attachment: Attachment;
  readonly created: boolean;
}

/** Turns uploaded files into attachments: within the quota, and the same bytes stored once. */
@Injectable()
export class AttachmentIntake {
  /** Uploads of the same bytes wait for each other, so that the second one finds the first. */
  private readonly turns = new Turns();

  constructor(
    private readonly config: AppConfig,
    private readonly uow: UnitOfWork,
    private readonly users: UserRevs,
    private readonly keys: IdempotencyKeys,
    private readonly queries: AttachmentsQueries,
    private readonly files: AttachmentFiles,
  ) {}

  /** Throws `QUOTA_EXCEEDED` where the principal may not upload so many bytes more, as it is at this moment. */
  async requireRoom({ userId }: Principal, bytes: number): Promise<void> {
    this.check(await this.queries.usageOf(userId), bytes);
  }

  /**
   * Makes an attachment of the principal's that is not sent yet. Where its bytes are stored already, that file serves
   * both.
   *
   * @throws ChatError `QUOTA_EXCEEDED`; `UNAUTHORIZED` where the account is not active any more; `GONE` where the key made
   *   something that is not there any more; as `IdempotencyKeys.use`
   */
  take(principal: Principal, draft: AttachmentDraft): Promise<TakenAttachment> {
    return this.turns.run(draft.facts.sha256, async () => {
      const twin = await this.uow.run((tx) => this.insert(tx, principal, { draft }));
      if (twin) return twin;
      const keys = await this.files.put(draft.path, draft.thumbnail);
      return this.insertStored(principal, draft, keys);
    });
  }

  private async insertStored(principal: Principal, draft: AttachmentDraft, keys: FileKeys): Promise<TakenAttachment> {
    try {
      const taken = await this.uow.run((tx) => this.insert(tx, principal, { draft, keys }));
      if (!taken) throw new Error('an attachment with a stored file was not inserted');
      // Another node stored the same bytes meanwhile, or the key had been used.
      if (taken.attachment.storageKey !== keys.storageKey) await this.files.remove(keys);
      return taken;
    } catch (error) {
      // Whether it is there is not known after a timeout; a file too many is better than one too few.
      const isUnknown = error instanceof ChatError && error.code === 'TIMEOUT';
      if (!isUnknown) await this.files.remove(keys);
      throw error;
    }
  }

  /** Inserts the row; without keys of a stored file only where there is a twin, else null. */
  private async insert(
    tx: Tx,
    { userId }: Principal,
    { draft, keys }: { draft: AttachmentDraft; keys?: FileKeys },
  ): Promise<TakenAttachment | null> {
    const active = await this.users.lock(tx, [userId]);
    if (!active.has(userId)) throw new ChatError('UNAUTHORIZED');
    const id = newId();
    const { key, body, facts } = draft;
    const stored = (await this.queries.lockTwin(tx, facts.sha256)) ?? keys;
    // Without a stored file nothing is made yet, so the key stays unused.
    const earlier = stored ? await this.keys.use(tx, { userId, key, body, resourceId: id }) : null;
    if (earlier) return { attachment: await this.requireOwn(tx, userId, earlier), created: false };
    this.check(await this.queries.lockUsage(tx, userId), facts.bytes);
    if (!stored) return null;
    const { storageKey, thumbnailKey } = stored;
    const place = { roomId: null, messageId: null, rev: null };
    const attachment = { id, ownerId: userId, ...place, ...facts, storageKey, thumbnailKey };
    await this.queries.insert(tx, [attachment]);
    return { attachment, created: true };
  }

  private check(usage: Usage, bytes: number): void {
    const { limits } = this.config;
    requireQuota(limits, usage, { files: 1, bytes });
    if (usage.unsent < limits.attachmentsUnsent) return;
    throw new ChatError('QUOTA_EXCEEDED', { detail: 'Too many attachments wait to be sent; send or delete some.' });
  }

  private async requireOwn(tx: Tx, userId: string, id: string): Promise<Attachment> {
    const [attachment] = await this.queries.lock(tx, [id]);
    if (attachment?.ownerId !== userId) throw new ChatError('GONE');
    return attachment;
  }
}
