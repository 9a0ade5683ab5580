import { Injectable } from '@nestjs/common';
import { ChangedMeanwhile } from '../database/errors.js';
import type { Tx } from '../database/tx.js';
import { UserRevs } from './user-revs.service.js';

/** Whom a folder knows to be tied to a user. */
type Source = (tx: Tx, userId: string) => Promise<readonly string[]>;

/**
 * Locks a user together with all whom the end of his account concerns, or his coming back. Whoever locked him first and
 * those he finds then would break the order of locks, which is that of the ids.
 */
@Injectable()
export class UserTies {
  private readonly sources: Source[] = [];

  constructor(private readonly revs: UserRevs) {}

  /** Adds whom a folder knows: nobody may be tied to a user, or cease to be, but under the locks of both. */
  add(source: Source): void {
    this.sources.push(source);
  }

  /**
   * Locks the user and all who are tied to him, in the order of their ids, until the transaction ends. Call it before
   * any other user or room is locked.
   *
   * @throws ChangedMeanwhile, which repeats the unit of work, where somebody came to be tied to him at that moment
   */
  async lock(tx: Tx, userId: string): Promise<void> {
    const found = new Set([userId, ...(await this.of(tx, userId))]);
    await this.revs.lock(tx, [...found]);
    const exact = await this.of(tx, userId);
    if (exact.some((id) => !found.has(id))) throw new ChangedMeanwhile();
  }

  private async of(tx: Tx, userId: string): Promise<string[]> {
    const ids: string[] = [];
    for (const source of this.sources) ids.push(...(await source(tx, userId)));
    return ids;
  }
}
