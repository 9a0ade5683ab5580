import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type Stop, every } from '../common/timers.js';
import { placeholders } from '../database/sql.js';
import { UnitOfWork } from '../database/unit-of-work.js';

const LOOK_MS = 600_000;
/** Rows of one transaction: no statement may hold up the others. */
const BATCH = 200;

interface Leftover {
  readonly table: 'ws_tickets' | 'sessions';
  readonly key: 'hash' | 'id';
  /** How long after its end a row is kept, in milliseconds. */
  readonly keptMs: number;
}

const LEFTOVERS: readonly Leftover[] = [
  // So that a second use can be told from a made-up ticket.
  { table: 'ws_tickets', key: 'hash', keptMs: 600_000 },
  // For those who ask when and why a login ended.
  { table: 'sessions', key: 'id', keptMs: 30 * 86_400_000 },
];

/** Removes logins and tickets that ended long ago. */
@Injectable()
export class ExpiredLogins implements OnModuleDestroy {
  private readonly stop: Stop;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {
    this.stop = every(LOOK_MS, 'auth.expiredLogins', () => this.remove());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /** Removes all that is old enough, in small transactions one after the other. */
  async remove(): Promise<void> {
    for (const leftover of LEFTOVERS) {
      let removed = BATCH;
      while (removed === BATCH) removed = await this.removeSome(leftover);
    }
  }

  private removeSome({ table, key, keptMs }: Leftover): Promise<number> {
    return this.uow.run(async (tx) => {
      const end = this.clock.now() - keptMs;
      const rows = await tx.query<Record<string, string>>(
        `SELECT ${key} FROM ${table} WHERE expiresAt < ? ORDER BY expiresAt LIMIT ${BATCH}`,
        [end],
      );
      if (rows.length === 0) return 0;
      const keys = rows.map((row) => row[key]);
      // Asked again: a login that was refreshed in between stays.
      const where = `${key} IN (${placeholders(keys)}) AND expiresAt < ?`;
      await tx.execute(`DELETE FROM ${table} WHERE ${where}`, [...keys, end]);
      return rows.length;
    });
  }
}
