import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { hash } from 'node:crypto';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import { type Stop, every } from '../common/timers.js';
import { uniqueViolation } from '../database/errors.js';
import { insertRows } from '../database/sql.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { IdempotencyKey } from './idempotency-key.entity.js';

const KEPT_MS = 24 * 3_600_000;
const CLEAN_EVERY_MS = 600_000;
const KEY = /^[\x21-\x7e]{1,64}$/;

/** A creating POST, and what it is about to make. */
export interface KeyUse {
  readonly userId: string;
  /** The `Idempotency-Key` header, where one was sent. */
  readonly key: string | undefined;
  readonly body: unknown;
  readonly resourceId: string;
}

/** What creating POSTs with an `Idempotency-Key` made, for 24 hours. */
@Injectable()
export class IdempotencyKeys implements OnModuleDestroy {
  private readonly stop: Stop;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {
    this.stop = every(CLEAN_EVERY_MS, 'limits.idempotencyKeys', () => this.clean());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /**
   * Keeps, in the transaction that makes it, what the request makes. Without a key: nothing, and null.
   *
   * @returns the id of what this very request made before, which is then to be answered again; null when it is new
   * @throws ChatError `IDEMPOTENCY_CONFLICT` for another body; `VALIDATION_FAILED` unless the key is 1 to 64 visible
   *   ASCII characters
   */
  async use(tx: Tx, { userId, key, body, resourceId }: KeyUse): Promise<string | null> {
    if (key === undefined) return null;
    checkIdempotencyKey(key);
    const bodyHash = hash('sha256', JSON.stringify(body), 'base64url');
    const now = this.clock.now();
    await tx.execute('DELETE FROM idempotency_keys WHERE userId = ? AND requestKey = ? AND createdAt < ?', [
      userId,
      key,
      now - KEPT_MS,
    ]);
    try {
      await insertRows(tx, 'idempotency_keys', [{ userId, requestKey: key, bodyHash, resourceId, createdAt: now }]);
      await tx.arrive();
      return null;
    } catch (error) {
      // A failed statement leaves the transaction as it was, on each of the databases.
      if (uniqueViolation(error) === null) throw error;
    }
    const earlier = await tx.manager.findOneByOrFail(IdempotencyKey, { userId, requestKey: key });
    if (earlier.bodyHash !== bodyHash) throw new ChatError('IDEMPOTENCY_CONFLICT');
    return earlier.resourceId;
  }

  /** Forgets what a user's requests made. */
  async forget(tx: Tx, userId: string): Promise<void> {
    await tx.execute('DELETE FROM idempotency_keys WHERE userId = ?', [userId]);
  }

  private async clean(): Promise<void> {
    const end = this.clock.now() - KEPT_MS;
    await this.uow.run((tx) => tx.execute('DELETE FROM idempotency_keys WHERE createdAt < ?', [end]));
  }
}

/** Throws `VALIDATION_FAILED` for a key that is none, before anything is done for its request. */
export function checkIdempotencyKey(key: string | undefined): void {
  if (key === undefined || KEY.test(key)) return;
  const message = 'must be 1 to 64 visible ASCII characters';
  throw new ChatError('VALIDATION_FAILED', { errors: [{ path: 'Idempotency-Key', code: 'key', message }] });
}
