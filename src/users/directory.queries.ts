import { Injectable } from '@nestjs/common';
import { afterPrefix } from '../common/fold.js';
import { TAIL_PLACES } from '../common/name-tails.js';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { User } from './user.entity.js';
import { type UserRow, toUser } from './users.queries.js';

/** A row of `user_names`, and at the same time a place in the order of a search. */
export interface NameRow {
  readonly place: number;
  readonly tail: string;
  readonly userId: string;
}

const COLUMNS = 'SELECT place, tail, userId FROM user_names WHERE place = ? AND';

/** Reads of the directory, each a range of a key. */
@Injectable()
export class DirectoryQueries {
  constructor(private readonly reads: Reads) {}

  /** Batches of up to `size` names that have a part beginning like this, in the order of the search. */
  async *batches(start: string, behind: NameRow | null, size: number): AsyncGenerator<NameRow[]> {
    for (const place of TAIL_PLACES) {
      if (behind && behind.place > place) continue;
      let last = behind?.place === place ? behind : null;
      do {
        const rows = await this.read({ place, start, behind: last }, size);
        yield rows;
        last = rows.length < size ? null : rows[size - 1];
      } while (last);
    }
  }

  /** Active ones of these users. */
  async activeUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, User>> {
    const ids = [...new Set(userIds)];
    if (ids.length === 0) return new Map();
    const rows = await this.reads.query<UserRow>(`SELECT * FROM users WHERE id IN (${placeholders(ids)})`, ids);
    return new Map(rows.filter(({ status }) => status === 'active').map((row) => [row.id, toUser(row)]));
  }

  /** The active user whose user name is this, folded. */
  async findByName(usernameKey: string): Promise<User | null> {
    const rows = await this.reads.query<UserRow>('SELECT * FROM users WHERE usernameKey = ?', [usernameKey]);
    return rows[0]?.status === 'active' ? toUser(rows[0]) : null;
  }

  /** The rest of one tail first: asked in one statement, a database would read all of it again, or sort. */
  private async read(
    { place, start, behind }: { place: number; start: string; behind: NameRow | null },
    size: number,
  ): Promise<NameRow[]> {
    const end = afterPrefix(start);
    if (!behind) {
      const sql = `${COLUMNS} tail >= ? AND tail < ? ORDER BY tail, userId LIMIT ?`;
      return this.reads.query<NameRow>(sql, [place, start, end, size]);
    }
    const { tail, userId } = behind;
    const same = `${COLUMNS} tail = ? AND userId > ? ORDER BY userId LIMIT ?`;
    const rest = await this.reads.query<NameRow>(same, [place, tail, userId, size]);
    if (rest.length === size) return rest;
    const later = `${COLUMNS} tail > ? AND tail < ? ORDER BY tail, userId LIMIT ?`;
    return [...rest, ...(await this.reads.query<NameRow>(later, [place, tail, end, size - rest.length]))];
  }
}
