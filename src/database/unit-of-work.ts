import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChatError } from '../common/chat-error.js';
import { isAway, isPassing, toRefusal } from './errors.js';
import { FifoGate } from './fifo-gate.js';
import { Tx } from './tx.js';

const ATTEMPTS = 5;
/** Milliseconds after which nothing is repeated any more: a caller is answered within two seconds (P16). */
const REPEAT_MS = 1500;
const logger = new Logger('UnitOfWork');

/**
 * The one way to write. On SQLite, TypeORM gives all callers one connection, on which overlapping transactions would
 * mix; so units of work run one after the other there, in the order of their calls. On MySQL each has a connection of
 * the pool.
 */
@Injectable()
export class UnitOfWork {
  private readonly gate: FifoGate | null;

  constructor(private readonly source: DataSource) {
    this.gate = source.options.type === 'better-sqlite3' ? new FifoGate() : null;
  }

  /**
   * Runs `work` in one transaction and commits it. A deadlock, a lock wait, a busy database or a row that has changed
   * meanwhile repeats the whole work, up to five times within 1.5 s; so `work` must be repeatable, and must not wait for
   * anything but the database.
   *
   * Listeners of `tx.onCommit` have ended when this returns.
   *
   * @throws what `work` throws, after a rollback. ChatError `UNAVAILABLE`: the database is away and nothing was stored;
   *   `TIMEOUT`: the connection was lost under the commit or what travels with it, so the outcome is unknown
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const attempt = () => this.repeat(work);
    const { result, committed } = await (this.gate ? this.gate.run(attempt) : attempt());
    await committed;
    return result;
  }

  /** Waits for every unit of work that was begun on SQLite; at once on MySQL. */
  async idle(): Promise<void> {
    await this.gate?.run(() => Promise.resolve());
  }

  private async repeat<T>(work: (tx: Tx) => Promise<T>): Promise<Done<T>> {
    const until = performance.now() + REPEAT_MS;
    for (let attempt = 1; ; attempt++) {
      const mayRepeat = (error: unknown) => isPassing(error) && attempt < ATTEMPTS && performance.now() < until;
      const done = await this.once(work).catch((error: unknown) => {
        if (!mayRepeat(error)) throw toRefusal(error);
        return null;
      });
      if (done) return done;
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<Done<T>> {
    const runner = this.source.createQueryRunner();
    try {
      return await this.carryOut(await Tx.begin(runner), work);
    } finally {
      await runner.release();
    }
  }

  private async carryOut<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<Done<T>> {
    try {
      const result = await work(tx);
      await tx.settle();
      await commit(tx);
      // Not awaited here: a listener may begin a unit of work of its own, which waits for this one's place.
      return { result, committed: tx.notifyCommitted(logListenerFault) };
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  }
}

function logListenerFault(error: unknown): void {
  logger.error({ event: 'database.listenerFailed', error: error instanceof Error ? error.stack : String(error) });
}

interface Done<T> {
  readonly result: T;
  readonly committed: Promise<unknown> | undefined;
}

async function commit(tx: Tx): Promise<void> {
  try {
    await tx.commit();
  } catch (error) {
    if (isAway(error)) throw new ChatError('TIMEOUT', { cause: error });
    throw error;
  }
}
