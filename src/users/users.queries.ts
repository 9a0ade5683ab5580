import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { afterPrefix } from '../common/fold.js';
import { READS } from '../database/data-source.js';
import { Reads } from '../database/reads.js';
import { User } from './user.entity.js';

type UserRow = Omit<User, 'preferences'> & { readonly preferences: string };

/** A user with the name that matched. */
export interface FoundUser {
  readonly user: User;
  readonly key: string;
}

/** Where a search goes on: behind this name, and behind this user among those of the name. */
export interface SearchPlace {
  readonly key: string;
  readonly id: string;
}

/** Reads of the directory. */
@Injectable()
export class UsersQueries {
  constructor(
    private readonly reads: Reads,
    @InjectRepository(User, READS) private readonly users: Repository<User>,
  ) {}

  /** The user of an id that exists. */
  async get(userId: string): Promise<User> {
    const [row] = await this.reads.query<UserRow>('SELECT * FROM users WHERE id = ?', [userId]);
    if (!row) throw new Error('a user who has a login has gone');
    return { ...row, preferences: JSON.parse(row.preferences) as User['preferences'] };
  }

  /**
   * Active users whose user name or display name begins with the folded prefix, in the order of the name that matched:
   * two ranges of two indexes, merged. A user who matches by both is found by his user name.
   */
  async search(prefix: string, behind: SearchPlace | null, limit: number): Promise<FoundUser[]> {
    const range = { prefix, end: afterPrefix(prefix), behind, limit };
    const byName = await this.range('usernameKey', range);
    const byDisplay = await this.range('displayNameKey', range);
    const found = [
      ...byName.map((user) => ({ user, key: user.usernameKey })),
      ...byDisplay.map((user) => ({ user, key: user.displayNameKey })),
    ];
    return found.sort(byPlace).slice(0, limit);
  }

  private range(
    column: 'usernameKey' | 'displayNameKey',
    { prefix, end, behind, limit }: { prefix: string; end: string; behind: SearchPlace | null; limit: number },
  ): Promise<User[]> {
    const query = this.users
      .createQueryBuilder('u')
      .where(`u.${column} >= :from AND u.${column} < :end`, { from: behind?.key ?? prefix, end })
      .andWhere("u.status = 'active'")
      .orderBy(`u.${column}`)
      .limit(limit);
    if (behind) query.andWhere(`(u.${column} > :key OR u.id > :id)`, { key: behind.key, id: behind.id });
    if (column === 'displayNameKey') {
      // Only display names repeat; MariaDB would sort the whole range by an id behind a unique column.
      query.addOrderBy('u.id');
      query.andWhere('NOT (u.usernameKey >= :prefix AND u.usernameKey < :end)', { prefix });
    }
    return query.getMany();
  }
}

function byPlace(a: FoundUser, b: FoundUser): number {
  const order = Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
  return order || (a.user.id < b.user.id ? -1 : 1);
}
