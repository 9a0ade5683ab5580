import type { PoolConnection, QueryValues, ResultSetHeader } from 'mysql2';
import type { EntityManager, Logger, QueryRunner } from 'typeorm';
import { callAll } from '../common/listeners.js';
import type { SqliteDatabase } from './sqlite-driver.js';

type Listener = () => unknown;

/**
 * One open transaction. It is handed down as `tx`, never found in the air.
 *
 * Statements go to the driver itself: TypeORM's `query` wraps each in a broadcast, a logger and two promises, which
 * costs more than most of the statements on the message path (12 against 3 µs on SQLite, measured).
 */
export class Tx {
  private readonly listeners: Listener[] = [];

  private constructor(
    readonly runner: QueryRunner,
    private readonly sqlite: SqliteDatabase | null,
    private readonly mysql: PoolConnection | null,
  ) {}

  /** @param runner one with a transaction that is open */
  static async of(runner: QueryRunner): Promise<Tx> {
    const connection: unknown = await runner.connect();
    const isSqlite = runner.dataSource.options.type === 'better-sqlite3';
    return isSqlite
      ? new Tx(runner, connection as SqliteDatabase, null)
      : new Tx(runner, null, connection as PoolConnection);
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  get isSqlite(): boolean {
    return this.sqlite !== null;
  }

  /** Rows of a statement with `?` placeholders. */
  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return observed(this.logger, { sql, parameters }, () =>
      this.sqlite ? (this.sqlite.statement(sql).all(...parameters) as Row[]) : askMysql(this.mysql, sql, parameters),
    );
  }

  /** Runs a statement that changes rows and returns how many it changed. */
  execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return observed(this.logger, { sql, parameters }, async () => {
      if (this.sqlite) return Number(this.sqlite.statement(sql).run(...parameters).changes);
      return (await askMysql<ResultSetHeader>(this.mysql, sql, parameters)).affectedRows;
    });
  }

  /** Runs one statement for each list of parameters, in order. */
  async executeEach(sql: string, lists: readonly (readonly unknown[])[]): Promise<void> {
    const { sqlite } = this;
    if (!sqlite) {
      for (const parameters of lists) await this.execute(sql, parameters);
      return;
    }
    await observed(this.logger, { sql, parameters: lists[0] ?? [] }, () => {
      const statement = sqlite.statement(sql);
      for (const parameters of lists) statement.run(...parameters);
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

/** The answer of a MySQL server to one statement. */
export function askMysql<T>(
  connection: PoolConnection | null,
  sql: string,
  parameters: readonly unknown[],
): Promise<T> {
  return new Promise((resolve, reject) => {
    // mysql2 looks through the whole text for placeholders, even where there is nothing to put in.
    const values = parameters.length > 0 ? (parameters as QueryValues) : undefined;
    connection?.query({ sql, values }, (error, result) => (error ? reject(error) : resolve(result as T)));
  });
}

/** Milliseconds above which a statement is worth a line in the log. */
const SLOW_MS = 500;

/** Runs a statement and tells the data source's logger of it, as TypeORM does with its own. */
export async function observed<T>(
  logger: Logger,
  { sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] },
  run: () => T | Promise<T>,
): Promise<T> {
  const begun = performance.now();
  logger.logQuery(sql, parameters as unknown[]);
  try {
    return await run();
  } catch (error) {
    logger.logQueryError(error as Error, sql);
    throw error;
  } finally {
    const ms = performance.now() - begun;
    if (ms > SLOW_MS) logger.logQuerySlow(ms, sql);
  }
}
