import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { UserRevs } from '../users/user-revs.service.js';
import { type Present, PresenceStore } from './presence-store.js';

interface Seen {
  /** When it is stored next, in epoch milliseconds. */
  dueAt: number;
  /** When he went; null while he is here. */
  at: number | null;
}

/** Users in one transaction. */
const BATCH = 200;
const UPDATE = "UPDATE users SET lastSeenAt = ? WHERE id = ? AND status <> 'deleted'";

/**
 * When each user was last here: stored at most once in `limits.lastSeenEveryMs` for each, in batches, and known here at
 * once. It does not move while somebody is invisible.
 */
@Injectable()
export class LastSeenService implements OnModuleDestroy {
  private readonly seen = new Map<string, Seen>();

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly uow: UnitOfWork,
    private readonly revs: UserRevs,
    private readonly store: PresenceStore,
  ) {}

  /** The user has come, or can be seen again. */
  come(userId: string): void {
    const seen = this.seen.get(userId);
    if (seen) seen.at = null;
    else this.seen.set(userId, { dueAt: this.clock.now() + this.config.limits.lastSeenEveryMs, at: null });
  }

  /** The user was seen for the last time at this moment. */
  go(userId: string, at = this.clock.now()): void {
    const seen = this.seen.get(userId);
    if (seen) seen.at = at;
    else this.seen.set(userId, { dueAt: at, at });
  }

  /** When a user was last seen: what is stored, or what will be. */
  lastSeenAt(userId: string, stored: number | null): number | null {
    const at = this.seen.get(userId)?.at ?? null;
    if (stored === null) return at;
    return Math.max(at ?? 0, Number(stored));
  }

  /** Stores what is due. */
  async storeDue(): Promise<void> {
    const now = this.clock.now();
    const due = [...this.seen].filter(([, { dueAt }]) => dueAt <= now);
    await this.storeAll(due.map(([userId]) => userId));
  }

  async onModuleDestroy(): Promise<void> {
    await this.storeAll([...this.seen.keys()]);
  }

  private async storeAll(userIds: readonly string[]): Promise<void> {
    for (let i = 0; i < userIds.length; i += BATCH) await this.storeBatch(userIds.slice(i, i + BATCH));
  }

  private async storeBatch(userIds: readonly string[]): Promise<void> {
    const now = this.clock.now();
    const present = await this.store.read(userIds);
    const times = userIds.flatMap((userId) => this.timeOf(userId, present.get(userId), now));
    if (times.length > 0) await this.uow.run((tx) => this.write(tx, times));
    const stored = new Map(times.map(([at, userId]) => [userId, at]));
    for (const userId of userIds) this.settle(userId, { isHere: present.has(userId), at: stored.get(userId), now });
  }

  /** What is to be stored of a user: nothing of who is here and invisible, or has gone from another node. */
  private timeOf(userId: string, present: Present | undefined, now: number): [at: number, userId: string][] {
    const at = this.seen.get(userId)?.at ?? null;
    if (at !== null) return [[at, userId]];
    return present && present.state !== 'invisible' ? [[now, userId]] : [];
  }

  private async write(tx: Tx, times: readonly [number, string][]): Promise<void> {
    await this.revs.lock(
      tx,
      times.map(([, userId]) => userId),
    );
    await tx.postEach(UPDATE, times);
  }

  private settle(userId: string, is: { isHere: boolean; at: number | undefined; now: number }): void {
    const seen = this.seen.get(userId);
    if (!seen) return;
    seen.dueAt = is.now + this.config.limits.lastSeenEveryMs;
    // Who came or went while it was stored is still to be stored.
    const isDone = seen.at === null ? !is.isHere : seen.at === is.at;
    if (isDone) this.seen.delete(userId);
  }
}
