import { Injectable } from '@nestjs/common';
import { newId } from '../common/id.js';
import type { Tx } from '../database/tx.js';
import { type ByteRange, FileStore, type StoredFile } from '../storage/file-store.js';
import type { Attachment } from './attachment.entity.js';
import { AttachmentsQueries } from './attachments.queries.js';

/** Where what belongs to one stored file is. */
export type FileKeys = Pick<Attachment, 'storageKey' | 'thumbnailKey'>;

export const FILES = 'attachments';
export const THUMBNAILS = 'thumbnails';

/** In folders by the last characters, which are random: no folder grows too large. */
export const storageKeyOf = (fileId: string): string => `${FILES}/${fileId.slice(-2)}/${fileId}.bin`;
const thumbnailKeyOf = (fileId: string): string => `${THUMBNAILS}/${fileId.slice(-2)}/${fileId}.webp`;

/**
 * The stored files of attachments. A stored file has a key that is never used again, so one that no row names is
 * nobody's and stays so: only who has locked a row that names it may name it again.
 */
@Injectable()
export class AttachmentFiles {
  constructor(
    private readonly store: FileStore,
    private readonly queries: AttachmentsQueries,
  ) {}

  /** Stores a file of this machine, which may be gone from its place afterwards, and its thumbnail. */
  async put(path: string, thumbnail: Buffer | null): Promise<FileKeys> {
    const fileId = newId();
    const keys = { storageKey: storageKeyOf(fileId), thumbnailKey: thumbnail && thumbnailKeyOf(fileId) };
    try {
      if (thumbnail && keys.thumbnailKey) await this.store.put(keys.thumbnailKey, thumbnail);
      await this.store.putFile(keys.storageKey, path);
      return keys;
    } catch (error) {
      await this.remove(keys);
      throw error;
    }
  }

  /** A stored file, or the part of it; null where it is gone. */
  get(key: string, range?: ByteRange): Promise<StoredFile | null> {
    return this.store.get(key, range);
  }

  /** Removes a stored file that no row names. */
  async remove({ storageKey, thumbnailKey }: FileKeys): Promise<void> {
    await this.store.remove(storageKey);
    if (thumbnailKey !== null) await this.store.remove(thumbnailKey);
  }

  /** Removes rows that are locked, and after the commit the files that no other row names. */
  async removeRows(tx: Tx, rows: readonly Attachment[]): Promise<void> {
    if (rows.length === 0) return;
    await this.queries.remove(tx, rows);
    tx.onCommit(() => this.removeUnnamed(rows));
  }

  private async removeUnnamed(rows: readonly FileKeys[]): Promise<void> {
    const named = await this.queries.keysAmong(rows.map(({ storageKey }) => storageKey));
    for (const keys of rows) if (!named.has(keys.storageKey)) await this.remove(keys);
  }
}
