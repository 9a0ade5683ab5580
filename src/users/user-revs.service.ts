import { Injectable } from '@nestjs/common';
import { chunksOf } from '../common/chunks.js';
import { placeholders, forUpdate } from '../database/sql.js';
import type { Tx } from '../database/tx.js';

/** Users in one statement. */
const CHUNK = 500;

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
    const active = new Set<string>();
    for (const ids of inOrder(userIds)) {
      const rows = await tx.query<{ id: string; status: string }>(
        `SELECT id, status FROM users WHERE id IN (${placeholders(ids)}) ORDER BY id${forUpdate(tx)}`,
        ids,
      );
      const found = rows.filter(({ status }) => status === 'active');
      for (const { id } of found) active.add(id);
    }
    return active;
  }

  /**
   * Locks the users, in the order of their ids, and gives each the next number. Call it before any room is locked, or
   * `lock` the same users before.
   *
   * @returns the new number by user id; users that do not exist are not in it
   */
  async advance(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const revs = new Map<string, number>();
    for (const ids of inOrder(userIds)) {
      const list = placeholders(ids);
      const rows = await tx.query<{ id: string; rev: number }>(
        `SELECT id, rev FROM users WHERE id IN (${list}) ORDER BY id${forUpdate(tx)}`,
        ids,
      );
      await tx.execute(`UPDATE users SET rev = rev + 1 WHERE id IN (${list})`, ids);
      for (const { id, rev } of rows) revs.set(id, Number(rev) + 1);
    }
    return revs;
  }
}

const inOrder = (userIds: readonly string[]) => chunksOf([...new Set(userIds)].sort(), CHUNK);
