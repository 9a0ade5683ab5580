import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { forUpdate, placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { Attachment } from './attachment.entity.js';

/** What somebody has uploaded. */
export interface Usage {
  readonly bytes: number;
  /** Attachments that wait to be sent. */
  readonly unsent: number;
}

interface UsageRow {
  readonly bytes: number | string | null;
  readonly unsent: number | string;
}

const USAGE = `SELECT (SELECT SUM(bytes) FROM attachments WHERE ownerId = ?) AS bytes,
  (SELECT COUNT(*) FROM attachments WHERE ownerId = ? AND messageId IS NULL) AS unsent`;

/** Reads of attachments, each by an index. */
@Injectable()
export class AttachmentsQueries {
  constructor(private readonly reads: Reads) {}

  async usageOf(userId: string): Promise<Usage> {
    return toUsage(await this.reads.query(USAGE, [userId, userId]));
  }

  /** The same inside a transaction; exact where the user is locked. */
  async usageIn(tx: Tx, userId: string): Promise<Usage> {
    return toUsage(await tx.query(USAGE, [userId, userId]));
  }

  /** Locks those of the attachments that there are, in the order of their ids. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Attachment[]> {
    return this.lockWhere(tx, `id IN (${placeholders(ids)}) ORDER BY id`, ids);
  }

  /** Locks those of a message. */
  async lockOfMessage(tx: Tx, messageId: string): Promise<Attachment[]> {
    return this.lockWhere(tx, 'messageId = ? ORDER BY id', [messageId]);
  }

  /** Locks one whose bytes are these, so that its file stays; null where there is none. */
  async lockTwin(tx: Tx, sha256: string): Promise<Attachment | null> {
    const [twin] = await this.lockWhere(tx, 'sha256 = ? LIMIT 1', [sha256]);
    return twin ?? null;
  }

  /** Locks at most `limit` that are older than an id and not sent. */
  async lockUnsentBefore(tx: Tx, id: string, limit: number): Promise<Attachment[]> {
    return this.lockWhere(tx, 'messageId IS NULL AND id < ? ORDER BY id LIMIT ?', [id, limit]);
  }

  /** Locks those of a user that are not sent. */
  async lockUnsentOf(tx: Tx, userId: string): Promise<Attachment[]> {
    return this.lockWhere(tx, 'ownerId = ? AND messageId IS NULL', [userId]);
  }

  /** Removes rows that are locked. */
  async remove(tx: Tx, rows: readonly Attachment[]): Promise<void> {
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await tx.post({ sql: `DELETE FROM attachments WHERE id IN (${placeholders(ids)})`, parameters: ids });
  }

  /** Those of the keys of stored files that rows name. */
  async keysAmong(storageKeys: readonly string[]): Promise<ReadonlySet<string>> {
    if (storageKeys.length === 0) return new Set();
    const rows = await this.reads.query<{ storageKey: string }>(
      `SELECT DISTINCT storageKey FROM attachments WHERE storageKey IN (${placeholders(storageKeys)})`,
      storageKeys,
    );
    return new Set(rows.map(({ storageKey }) => storageKey));
  }

  private async lockWhere(tx: Tx, where: string, parameters: readonly unknown[]): Promise<Attachment[]> {
    const rows = await tx.query<Attachment>(`SELECT * FROM attachments WHERE ${where}${forUpdate(tx)}`, parameters);
    return rows.map(toAttachment);
  }
}

const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));

/** MySQL's driver hands large numbers over as texts. */
export const toAttachment = (row: Attachment): Attachment => ({
  ...row,
  rev: numberOrNull(row.rev),
  bytes: Number(row.bytes),
  width: numberOrNull(row.width),
  height: numberOrNull(row.height),
});

const toUsage = ([{ bytes, unsent }]: readonly UsageRow[]): Usage => ({
  bytes: Number(bytes ?? 0),
  unsent: Number(unsent),
});
