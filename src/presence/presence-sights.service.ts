import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { LastSeenService } from './last-seen.service.js';
import { PresenceStore } from './presence-store.js';
import { PresenceQueries, type StatusRow } from './presence.queries.js';
import type { Sight } from './presence.view.js';

/** How users are at this moment, whoever looks. */
@Injectable()
export class PresenceSights {
  constructor(
    private readonly clock: Clock,
    private readonly store: PresenceStore,
    private readonly queries: PresenceQueries,
    private readonly lastSeen: LastSeenService,
  ) {}

  /** The users that exist, in the order of the ids. */
  async read(userIds: readonly string[]): Promise<ReadonlyMap<string, Sight>> {
    if (userIds.length === 0) return new Map();
    const rows = new Map((await this.queries.statuses(userIds)).map((row) => [row.id, row]));
    // Behind the rows: what is shown is never older than a choice that was read with them.
    const present = await this.store.read(userIds);
    const now = this.clock.now();
    return new Map(
      userIds.flatMap((userId) => {
        const row = rows.get(userId);
        const state = present.get(userId)?.state ?? 'offline';
        return row ? [[userId, { ...this.statusOf(row, now), userId, state }]] : [];
      }),
    );
  }

  private statusOf(row: StatusRow, now: number): Omit<Sight, 'userId' | 'state'> {
    const isOver = row.statusExpiresAt !== null && Number(row.statusExpiresAt) <= now;
    return {
      choice: row.presence,
      text: isOver ? null : row.statusText,
      emoji: isOver ? null : row.statusEmoji,
      lastSeenAt: this.lastSeen.lastSeenAt(row.id, row.lastSeenAt),
    };
  }
}
