import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { PresenceChoice } from '../protocol/views.js';

/** What of a user's row his presence shows. */
export interface StatusRow {
  readonly id: string;
  readonly statusText: string | null;
  readonly statusEmoji: string | null;
  readonly statusExpiresAt: number | null;
  readonly presence: PresenceChoice | null;
  readonly lastSeenAt: number | null;
}

/** Users in one statement. */
const USERS = 500;

/** Reads for presence, each one indexed statement for hundreds of users. */
@Injectable()
export class PresenceQueries {
  constructor(private readonly reads: Reads) {}

  /** The users that exist and have not deleted their account. */
  async statuses(userIds: readonly string[]): Promise<StatusRow[]> {
    const found: StatusRow[] = [];
    for (let i = 0; i < userIds.length; i += USERS) {
      const ids = userIds.slice(i, i + USERS);
      const rows = await this.reads.query<StatusRow>(
        `SELECT id, statusText, statusEmoji, statusExpiresAt, presence, lastSeenAt FROM users
         WHERE id IN (${placeholders(ids)}) AND status <> 'deleted'`,
        ids,
      );
      found.push(...rows);
    }
    return found;
  }

  /** Users whose status has ended behind `after`, up to `until`. */
  async endedStatuses(after: number, until: number): Promise<string[]> {
    const rows = await this.reads.query<{ id: string }>(
      'SELECT id FROM users WHERE statusExpiresAt > ? AND statusExpiresAt <= ?',
      [after, until],
    );
    return rows.map(({ id }) => id);
  }
}
