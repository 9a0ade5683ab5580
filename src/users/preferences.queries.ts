import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import type { PreferencesView } from '../protocol/views.js';
import { toPreferencesView } from './preferences.view.js';

/** What users have chosen, for those who act by it. */
@Injectable()
export class PreferencesQueries {
  constructor(private readonly reads: Reads) {}

  /** The preferences of each of the users that exist. */
  async of(userIds: readonly string[]): Promise<ReadonlyMap<string, PreferencesView>> {
    return read(this.reads, userIds);
  }

  /** The same in a transaction: exact for the users whose rows it has locked. */
  async in(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, PreferencesView>> {
    return read(tx, userIds);
  }
}

async function read(
  from: Pick<Reads, 'query'>,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, PreferencesView>> {
  const ids = [...new Set(userIds)];
  if (ids.length === 0) return new Map();
  const rows = await from.query<{ id: string; preferences: string }>(
    `SELECT id, preferences FROM users WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  return new Map(rows.map(({ id, preferences }) => [id, toPreferencesView(chosenIn(preferences))]));
}

const chosenIn = (json: string) => JSON.parse(json) as Partial<PreferencesView>;
