import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { User } from './user.entity.js';

/** A row of `users` as the driver gives it. */
export type UserRow = Omit<User, 'preferences'> & { readonly preferences: string };

/** Reads of single users. */
@Injectable()
export class UsersQueries {
  constructor(private readonly reads: Reads) {}

  /** The user of an id that exists. */
  async get(userId: string): Promise<User> {
    const user = await this.find(userId);
    if (!user) throw new Error('a user who has a login has gone');
    return user;
  }

  /** Which of the pictures users have. */
  async picturesAmong(pictureIds: readonly string[]): Promise<string[]> {
    const rows = await this.reads.query<{ avatar: string }>(
      `SELECT avatar FROM users WHERE avatar IN (${placeholders(pictureIds)})`,
      pictureIds,
    );
    return rows.map(({ avatar }) => avatar);
  }

  /** The user who came first, deleted ones too; null before anybody came. */
  async oldestId(): Promise<string | null> {
    const [row] = await this.reads.query<{ id: string }>('SELECT id FROM users ORDER BY id LIMIT 1');
    return row?.id ?? null;
  }

  async find(userId: string): Promise<User | null> {
    const [row] = await this.reads.query<UserRow>('SELECT * FROM users WHERE id = ?', [userId]);
    return row ? toUser(row) : null;
  }
}

/** The user of a row. */
export const toUser = <Row extends { readonly preferences: string }>(
  row: Row,
): Omit<Row, 'preferences'> & Pick<User, 'preferences'> => ({
  ...row,
  preferences: JSON.parse(row.preferences) as User['preferences'],
});
