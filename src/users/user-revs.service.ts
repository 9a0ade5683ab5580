import { Injectable } from '@nestjs/common';
import { placeholders, forUpdate } from '../database/sql.js';
import type { Tx } from '../database/tx.js';

/** Gives out `userRev`, the number of each durable private change of a user. */
@Injectable()
export class UserRevs {
  /**
   * Locks the users that exist, in the order of their ids, until the transaction ends. Call it before any room is
   * locked: locks are taken in one order everywhere, users first.
   *
   * @returns the ids of those whose account is active
   */
  async lock(tx: Tx, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const ids = [...new Set(userIds)].sort();
    if (ids.length === 0) return new Set();
    const rows = await tx.query<{ id: string; status: string }>(
      `SELECT id, status FROM users WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(tx)}`,
      ids,
    );
    return new Set(rows.filter(({ status }) => status === 'active').map(({ id }) => id));
  }

  /**
   * Locks the users, in the order of their ids, and gives each the next number. Call it before any room is locked, or
   * `lock` the same users before.
   *
   * @returns the new number by user id; users that do not exist are not in it
   */
  async advance(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const ids = [...new Set(userIds)].sort();
    if (ids.length === 0) return new Map();
    const list = placeholders(ids);
    const rows = await tx.query<{ id: string; rev: number }>(
      `SELECT id, rev FROM users WHERE id IN (${list}) ORDER BY id${forUpdate(tx)}`,
      ids,
    );
    await tx.execute(`UPDATE users SET rev = rev + 1 WHERE id IN (${list})`, ids);
    return new Map(rows.map(({ id, rev }) => [id, Number(rev) + 1]));
  }
}
