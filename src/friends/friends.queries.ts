import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { SyncView } from '../protocol/views.js';

/** Users in one statement. */
const USERS = 500;

/** Who is friends with whom and who has blocked whom, for other features. Suspended users are nobody's friends meanwhile. */
@Injectable()
export class FriendsQueries {
  constructor(private readonly reads: Reads) {}

  /** The ids of all friends of a user. */
  async friendIdsOf(userId: string): Promise<string[]> {
    const rows = await this.reads.query<{ id: string }>(
      `SELECT u.id AS id FROM friendships f JOIN users u ON u.id = f.userHigh
       WHERE f.userLow = ? AND f.state = 'accepted' AND u.status = 'active'
       UNION ALL SELECT u.id AS id FROM friendships f JOIN users u ON u.id = f.userLow
       WHERE f.userHigh = ? AND f.state = 'accepted' AND u.status = 'active'`,
      [userId, userId],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether the two are friends. */
  async areFriends(userId: string, otherId: string): Promise<boolean> {
    return (await friendsAmong(this.reads, userId, [otherId])).has(otherId);
  }

  /** Those of the users whom this one has blocked, or who have blocked him. */
  blockedEitherWay(userId: string, otherIds: readonly string[]): Promise<ReadonlySet<string>> {
    return blockedEitherWay(this.reads, userId, otherIds);
  }

  /** Those of the users whom this one has blocked: for marks that he sees. */
  async blockedBy(userId: string, otherIds: readonly string[]): Promise<ReadonlySet<string>> {
    const ids = [...new Set(otherIds)];
    if (ids.length === 0) return new Set();
    const rows = await this.reads.query<{ id: string }>(
      `SELECT blockedId AS id FROM blocks WHERE blockerId = ? AND blockedId IN (${placeholders(ids)})`,
      [userId, ...ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The friends of each of many users; who has none is not in it. */
  async friendsOfAll(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.pairs(
      { userIds, from: this.reads },
      (list) => `SELECT f.userLow AS id, u.id AS otherId FROM friendships f JOIN users u ON u.id = f.userHigh
       WHERE f.userLow IN (${list}) AND f.state = 'accepted' AND u.status = 'active'
       UNION ALL SELECT f.userHigh AS id, u.id AS otherId FROM friendships f JOIN users u ON u.id = f.userLow
       WHERE f.userHigh IN (${list}) AND f.state = 'accepted' AND u.status = 'active'`,
    );
  }

  /** Whom each of many users has blocked, or was blocked by; where there is nobody, he is not in it. In a transaction that has locked the users it is exact. */
  async blocksOfAll(
    userIds: readonly string[],
    from: Queryable = this.reads,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.pairs(
      { userIds, from },
      (list) => `SELECT blockerId AS id, blockedId AS otherId FROM blocks WHERE blockerId IN (${list})
       UNION ALL SELECT blockedId AS id, blockerId AS otherId FROM blocks WHERE blockedId IN (${list})`,
    );
  }

  private async pairs(
    { userIds, from }: { readonly userIds: readonly string[]; readonly from: Queryable },
    sqlFor: (list: string) => string,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>();
    for (let i = 0; i < userIds.length; i += USERS) {
      const ids = userIds.slice(i, i + USERS);
      const rows = await from.query<{ id: string; otherId: string }>(sqlFor(placeholders(ids)), [...ids, ...ids]);
      for (const { id, otherId } of rows) append(found, id, otherId);
    }
    return found;
  }

  /** How many requests wait for an answer of the user, and of others to him. */
  async countRequests(userId: string): Promise<SyncView['friends']> {
    return {
      requestsIn: await this.count('requestedTo', userId),
      requestsOut: await this.count('requestedBy', userId),
    };
  }

  private async count(side: 'requestedTo' | 'requestedBy', userId: string): Promise<number> {
    const other = side === 'requestedTo' ? 'requestedBy' : 'requestedTo';
    const [row] = await this.reads.query<{ count: number }>(
      `SELECT COUNT(*) AS count FROM friendships f JOIN users u ON u.id = f.${other}
       WHERE f.${side} = ? AND f.state = 'pending' AND u.status = 'active'`,
      [userId],
    );
    return Number(row.count);
  }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

type Queryable = Pick<Reads, 'query'>;

/** Those of the users who are friends of this one. */
export async function friendsAmong(
  from: Queryable,
  userId: string,
  otherIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(otherIds)];
  if (ids.length === 0) return new Set();
  const list = placeholders(ids);
  const rows = await from.query<{ id: string }>(
    `SELECT userHigh AS id FROM friendships WHERE userLow = ? AND state = 'accepted' AND userHigh IN (${list})
     UNION ALL SELECT userLow AS id FROM friendships WHERE userHigh = ? AND state = 'accepted' AND userLow IN (${list})`,
    [userId, ...ids, userId, ...ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Those of the users whom this one has blocked, or who have blocked him. */
export async function blockedEitherWay(
  from: Queryable,
  userId: string,
  otherIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(otherIds)];
  if (ids.length === 0) return new Set();
  const list = placeholders(ids);
  const rows = await from.query<{ id: string }>(
    `SELECT blockedId AS id FROM blocks WHERE blockerId = ? AND blockedId IN (${list})
     UNION ALL SELECT blockerId AS id FROM blocks WHERE blockedId = ? AND blockerId IN (${list})`,
    [userId, ...ids, userId, ...ids],
  );
  return new Set(rows.map(({ id }) => id));
}
