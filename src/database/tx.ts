import type { PoolConnection, QueryValues, ResultSetHeader } from 'mysql2';
import type { EntityManager, Logger, QueryRunner } from 'typeorm';
import { callAll } from '../common/listeners.js';
import { ChangedMeanwhile, saysChanged } from './errors.js';
import { filled } from './literals.js';
import type { SqliteDatabase } from './sqlite-driver.js';

type Listener = () => unknown;

/** A statement of a transaction. */
export interface Statement {
  /** With `?` for each value: this is what logs show. */
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  /** The same with its values in place, escaped, where that is cheaper; for MySQL. */
  readonly text?: string;
  /** Whether it fails, by a number out of range, where a row is not as expected; for MySQL. */
  readonly compares?: boolean;
}

/**
 * One open transaction. It is handed down as `tx`, never found in the air.
 *
 * Statements go to the driver itself: TypeORM's `query` wraps each in a broadcast, a logger and two promises, which
 * costs more than most of the statements on the message path (12 against 3 µs on SQLite, measured).
 *
 * On MySQL a statement whose answer nobody needs travels with the next one that somebody waits for, or with the commit
 * (ADR 0016): the flush of a hundred messages asks twice in place of five times.
 */
export class Tx {
  private readonly listeners: Listener[] = [];
  /** Statements that wait for company. */
  private posted: Statement[] = [];
  /** The outcome of what was sent ahead without waiting. */
  private ahead: Promise<unknown> | null = null;
  private joinsCommit = false;

  private constructor(
    readonly runner: QueryRunner,
    private readonly sqlite: SqliteDatabase | null,
    private readonly mysql: PoolConnection | null,
  ) {}

  /** Begins a transaction on the runner's connection. */
  static async begin(runner: QueryRunner): Promise<Tx> {
    const connection: unknown = await runner.connect();
    const isSqlite = runner.dataSource.options.type === 'better-sqlite3';
    const tx = isSqlite
      ? new Tx(runner, connection as SqliteDatabase, null)
      : new Tx(runner, null, connection as PoolConnection);
    await tx.post({ sql: 'BEGIN' });
    // So that TypeORM does not begin one of its own inside this one.
    Object.assign(runner, { isTransactionActive: true });
    return tx;
  }

  /** TypeORM on this transaction. */
  get manager(): EntityManager {
    // Its statements go to the same connection, behind these.
    if (this.posted.length > 0) this.sendAhead();
    return this.runner.manager;
  }

  get isSqlite(): boolean {
    return this.sqlite !== null;
  }

  /** Rows of a statement with `?` placeholders. */
  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    if (!this.sqlite) return this.ask<Row[]>({ sql, parameters });
    const statement = this.sqlite.statement(sql);
    return observed(this.logger, [{ sql, parameters }], () => statement.all(...parameters) as Row[]);
  }

  /** Runs a statement that changes rows and returns how many it changed. */
  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    if (!this.sqlite) return (await this.ask<ResultSetHeader>({ sql, parameters })).affectedRows;
    const statement = this.sqlite.statement(sql);
    return observed(this.logger, [{ sql, parameters }], () => Number(statement.run(...parameters).changes));
  }

  /** Runs a statement before the next one and before the commit; its failure may show there. */
  async post(statement: Statement): Promise<void> {
    if (this.sqlite) await this.execute(statement.sql, statement.parameters);
    else this.posted.push(statement);
  }

  /** Posts a statement for each list of parameters, in order. */
  async postEach(sql: string, lists: readonly (readonly unknown[])[]): Promise<void> {
    if (this.sqlite) await this.executeEach(sql, lists);
    else for (const parameters of lists) this.posted.push({ sql, parameters });
  }

  /** Runs a statement for each list of parameters, in order, and returns how many rows they changed together. */
  async executeEach(sql: string, lists: readonly (readonly unknown[])[]): Promise<number> {
    const { sqlite } = this;
    let changed = 0;
    if (!sqlite) {
      for (const parameters of lists) changed += await this.execute(sql, parameters);
      return changed;
    }
    return observed(this.logger, [{ sql, parameters: lists[0] }], () => {
      const statement = sqlite.statement(sql);
      for (const parameters of lists) changed += Number(statement.run(...parameters).changes);
      return changed;
    });
  }

  /**
   * Begins, where nothing was asked yet, with all that was posted; unless that was `joinCommit`. What fails here is not
   * stored for certain; of what travels with the commit, one cannot know.
   */
  async settle(): Promise<void> {
    if (this.posted[0]?.sql === 'BEGIN' && !this.joinsCommit) await this.arrive();
    else await this.takeAhead();
  }

  /** Lets what is posted travel with the commit even where nothing was asked before: one packet for all of it. */
  joinCommit(): void {
    this.joinsCommit = true;
  }

  /** Waits for what was posted: for those who want to see it fail here. */
  async arrive(): Promise<void> {
    if (this.posted.length > 0) this.sendAhead();
    await this.takeAhead();
  }

  private async takeAhead(): Promise<void> {
    const { ahead } = this;
    this.ahead = null;
    await ahead;
  }

  /** Nothing of this transaction may be used any more. */
  async commit(): Promise<void> {
    await this.execute('COMMIT');
    this.end();
  }

  /** The same, after a fault; one that fails itself has nothing to undo. */
  async rollback(): Promise<void> {
    const isBegun = this.isSqlite || this.posted[0]?.sql !== 'BEGIN';
    this.posted = [];
    this.ahead = null;
    try {
      if (isBegun) await this.execute('ROLLBACK');
    } catch {
      // On MySQL the connection is gone, and the server rolls back by itself. SQLite has ended the transaction by
      // itself, as it does when the disk is full.
    }
    this.end();
  }

  private end(): void {
    Object.assign(this.runner, { isTransactionActive: false });
  }

  private sendAhead(): void {
    this.ahead = Promise.all([this.ahead, this.send(this.posted.splice(0))]);
    // Whoever asks next hears of it.
    this.ahead.catch(() => undefined);
  }

  private async ask<T>(statement: Statement): Promise<T> {
    if (this.ahead) await this.takeAhead();
    return this.send<T>([...this.posted.splice(0), statement]);
  }

  /** The answer to the last of the statements. When one fails, those behind it are not carried out. */
  private send<T>(statements: readonly Statement[]): Promise<T> {
    const text = statements.map(textOf).join('; ');
    return observed(this.logger, statements, async () => {
      const answer = await askMysql<unknown>(this.mysql, text).catch((error: unknown) => {
        throw saysChanged(error) && statements.some(({ compares }) => compares) ? new ChangedMeanwhile() : error;
      });
      return (statements.length === 1 ? answer : (answer as unknown[]).at(-1)) as T;
    });
  }

  private get logger(): Logger {
    return this.runner.dataSource.logger;
  }

  /**
   * Called in order, after the commit and before `UnitOfWork.run` returns; never after a rollback. One that fails is
   * logged; the commit stands.
   */
  onCommit(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Starts every listener before it returns, so that listeners of two transactions start in commit order. */
  notifyCommitted(failed: (error: unknown) => void): Promise<unknown> | undefined {
    return callAll(this.listeners, failed);
  }
}

/** Values are put in before statements are joined, so that a `?` in one is never taken for the place of another. */
const textOf = ({ sql, parameters = [], text }: Statement): string => text ?? filled(sql, parameters);

/** The answer of a MySQL server to a text that holds its values. */
export function askMysql<T>(connection: PoolConnection | null, sql: string): Promise<T> {
  return new Promise((resolve, reject) => {
    // By anything but null mysql2 is made to look through the whole text for placeholders, a fiftieth of a send.
    const values = null as unknown as QueryValues;
    connection?.query({ sql, values }, (error, result) => (error ? reject(error) : resolve(result as T)));
  });
}

/** Milliseconds above which a statement is worth a line in the log. */
const SLOW_MS = 500;

/** Runs statements and tells the data source's logger of them, as TypeORM does with its own. */
export async function observed<T>(
  logger: Logger,
  statements: readonly Statement[],
  run: () => T | Promise<T>,
): Promise<T> {
  const begun = performance.now();
  for (const { sql, text, parameters } of statements) logger.logQuery(text ?? sql, parameters as unknown[]);
  try {
    return await run();
  } catch (error) {
    logger.logQueryError(error as Error, shown(statements));
    throw error;
  } finally {
    const ms = performance.now() - begun;
    if (ms > SLOW_MS) logger.logQuerySlow(ms, shown(statements));
  }
}

/** What may stand in a log: no values. */
const shown = (statements: readonly Statement[]): string => statements.map(({ sql }) => sql).join('; ');
