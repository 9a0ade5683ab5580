import { Injectable } from '@nestjs/common';
import { Readable, finished } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { endedWhenUnread } from '../common/stalled-reader.js';
import { AppConfig } from '../config/app-config.js';
import type { Picture } from '../media/picture-answer.js';
import type { ByteRange } from '../storage/file-store.js';
import { AttachmentAccess } from './attachment-access.js';
import { AttachmentFiles } from './attachment-files.service.js';
import type { Attachment } from './attachment.entity.js';
import { parseRange } from './byte-range.js';

/** What is asked of a file, as HTTP says it. */
export interface DownloadAsk {
  readonly id: string;
  /** `GET`, or `HEAD` for the headers alone. */
  readonly method: string;
  readonly range?: string;
  readonly ifRange?: string;
  readonly ifNoneMatch?: string;
}

/** What is answered. */
export interface Download {
  readonly attachment: Attachment;
  readonly tag: string;
  /** Null: all of it; `none`: the file has no such part. */
  readonly part: ByteRange | 'none' | null;
  /** Null: who asks has it already, or gets none of it. */
  readonly stream: Readable | null;
}

const AGAIN_MS = 1000;

/** What people load of attachments. */
@Injectable()
export class AttachmentDownloads {
  /** Downloads that run, by who loads: each holds a file, or a socket of the object store, and what is on its way. */
  private readonly running = new Map<string, number>();

  constructor(
    private readonly config: AppConfig,
    private readonly access: AttachmentAccess,
    private readonly files: AttachmentFiles,
  ) {}

  /**
   * The file of an attachment, or the part that is asked for. It breaks off where its reader stops for longer than
   * `limits.downloadStallMs`.
   *
   * @throws ChatError `NOT_FOUND` for who may not load it, and where the file is gone; `RATE_LIMITED` for who loads
   *   `limits.downloadsPerUser` already
   */
  async open(principal: Principal, ask: DownloadAsk): Promise<Download> {
    const attachment = await this.access.requireVisible(principal, ask.id);
    const tag = `"${attachment.sha256}"`;
    if (isKnown(ask.ifNoneMatch, tag)) return { attachment, tag, part: null, stream: null };
    const part = ask.method === 'GET' ? partOf(ask, attachment.bytes, tag) : null;
    const stream = part === 'none' ? null : await this.streamOf({ ...ask, userId: principal.userId }, attachment, part);
    return { attachment, tag, part, stream };
  }

  /** Its thumbnail. Throws `NOT_FOUND` also where it has none. */
  async thumbnail(principal: Principal, id: string): Promise<Picture> {
    const { thumbnailKey, sha256 } = await this.access.requireVisible(principal, id);
    const file = thumbnailKey === null ? null : await this.files.get(thumbnailKey);
    if (!file) throw new ChatError('NOT_FOUND');
    const tag = `${sha256}-thumbnail`;
    return { content: await buffer(file.stream), mediaType: 'image/webp', tag, isFixed: false };
  }

  private async streamOf(
    { method, userId }: DownloadAsk & { readonly userId: string },
    { storageKey }: Attachment,
    part: ByteRange | null,
  ): Promise<Readable> {
    if (method === 'HEAD') return Readable.from([]);
    this.takePlace(userId);
    try {
      const file = await this.files.get(storageKey, part ?? undefined);
      if (!file) throw new ChatError('NOT_FOUND');
      const stream = endedWhenUnread(file.stream, this.config.limits.downloadStallMs);
      finished(stream, () => this.leavePlace(userId));
      return stream;
    } catch (error) {
      this.leavePlace(userId);
      throw error;
    }
  }

  private takePlace(userId: string): void {
    const running = this.running.get(userId) ?? 0;
    if (running >= this.config.limits.downloadsPerUser) throw new ChatError('RATE_LIMITED', { retryAfterMs: AGAIN_MS });
    this.running.set(userId, running + 1);
  }

  private leavePlace(userId: string): void {
    const running = this.running.get(userId) ?? 0;
    if (running > 1) this.running.set(userId, running - 1);
    else this.running.delete(userId);
  }
}

/** A part of another file than the one that is here would not fit. */
const partOf = ({ range, ifRange = '' }: DownloadAsk, bytes: number, tag: string): ByteRange | 'none' | null =>
  ifRange === '' || ifRange === tag ? parseRange(range, bytes) : null;

/** Compared weakly (RFC 9110, 13.1.2). */
const isKnown = (known: string | undefined, tag: string): boolean =>
  known?.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === tag) ?? false;
