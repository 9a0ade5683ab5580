import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { forUpdate, insertRows, placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { AttachmentUsage } from './attachment-usage.entity.js';
import type { Attachment } from './attachment.entity.js';

/** What somebody has uploaded or forwarded. */
export interface Usage {
  readonly files: number;
  readonly bytes: number;
  /** Attachments that wait to be sent. */
  readonly unsent: number;
}

type UsageRow = Pick<AttachmentUsage, 'files' | 'bytes'>;
type Owned = Pick<Attachment, 'ownerId' | 'bytes'>;

const SUMS = 'SELECT files, bytes FROM attachment_usage WHERE userId = ?';
const UNSENT = 'SELECT COUNT(*) AS unsent FROM attachments WHERE ownerId = ? AND messageId IS NULL';

/** Rows of attachments, each found by an index, and the sums over those of a user, which change with them. */
@Injectable()
export class AttachmentsQueries {
  constructor(private readonly reads: Reads) {}

  async usageOf(userId: string): Promise<Usage> {
    const [[sums], [unsent]] = await Promise.all([
      this.reads.query<UsageRow>(SUMS, [userId]),
      this.reads.query<Pick<Usage, 'unsent'>>(UNSENT, [userId]),
    ]);
    return toUsage(sums, unsent);
  }

  /** The same inside a transaction, where it stays so until the commit. */
  async lockUsage(tx: Tx, userId: string): Promise<Usage> {
    const [sums] = await tx.query<UsageRow>(SUMS + forUpdate(tx), [userId]);
    const [unsent] = await tx.query<Pick<Usage, 'unsent'>>(UNSENT, [userId]);
    return toUsage(sums, unsent);
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

  async insert(tx: Tx, rows: readonly Attachment[]): Promise<void> {
    await insertRows(tx, 'attachments', rows as unknown as Record<string, unknown>[]);
    await this.count(tx, rows, 1);
  }

  /** Removes rows that are locked. */
  async remove(tx: Tx, rows: readonly Attachment[]): Promise<void> {
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await tx.post({ sql: `DELETE FROM attachments WHERE id IN (${placeholders(ids)})`, parameters: ids });
    await this.count(tx, rows, -1);
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

  /** Adds rows to the sums of their owners, or takes them away; locks these in the order of their ids. */
  private async count(tx: Tx, rows: readonly Owned[], sign: 1 | -1): Promise<void> {
    const sums = new Map<string, UsageRow>();
    for (const { ownerId, bytes } of rows) {
      const sum = sums.get(ownerId) ?? { files: 0, bytes: 0 };
      sums.set(ownerId, { files: sum.files + sign, bytes: sum.bytes + sign * bytes });
    }
    const added = tx.isSqlite
      ? 'ON CONFLICT (userId) DO UPDATE SET files = files + excluded.files, bytes = bytes + excluded.bytes'
      : 'ON DUPLICATE KEY UPDATE files = files + VALUES(files), bytes = bytes + VALUES(bytes)';
    const lists = [...sums].map(([userId, { files, bytes }]) => [userId, files, bytes] as const);
    lists.sort(([one], [other]) => (one < other ? -1 : 1));
    await tx.postEach(`INSERT INTO attachment_usage (userId, files, bytes) VALUES (?, ?, ?) ${added}`, lists);
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

const toUsage = (sums: UsageRow | undefined, { unsent }: Pick<Usage, 'unsent'>): Usage => ({
  files: Number(sums?.files ?? 0),
  bytes: Number(sums?.bytes ?? 0),
  unsent: Number(unsent),
});
