import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, PoolConnection } from 'mysql2';
import { DataSource } from 'typeorm';
import { READS } from './data-source.js';
import { filled } from './literals.js';
import type { SqliteDatabase } from './sqlite-driver.js';
import { askMysql, observed } from './tx.js';

interface Driver {
  readonly databaseConnection?: SqliteDatabase;
  readonly pool?: Pool;
}

/** The columns of a list. */
interface Columns<Row> {
  readonly names: readonly string[];
  readonly toRow: (values: readonly unknown[]) => Row;
}

/**
 * Plain SQL outside a transaction, which sees what is committed. For what is read with every start and every page:
 * TypeORM makes a query runner for each, and hydrates (100 against 15 µs for one row, measured).
 */
@Injectable()
export class Reads {
  constructor(@InjectDataSource(READS) private readonly source: DataSource) {}

  /** Rows of a statement with `?` placeholders. */
  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { databaseConnection, pool } = this.source.driver as unknown as Driver;
    return observed(this.source.logger, [{ sql, parameters }], () =>
      databaseConnection
        ? (databaseConnection.statement(sql).all(...parameters) as Row[])
        : askPool<Row[]>(pool, sql, parameters),
    );
  }

  /**
   * The same for many rows. SQLite hands them over as one text: each value that crosses from it into JavaScript by
   * itself costs more than to write and to parse it (200 against 135 µs for a page of 50 messages, measured).
   *
   * @param columns names in the table, of texts and numbers, and how a row is made of their values
   * @param rest from `FROM` on
   */
  async list<Row>(
    { names, toRow }: Columns<Row>,
    rest: string,
    parameters: readonly unknown[],
  ): Promise<readonly Row[]> {
    const { databaseConnection } = this.source.driver as unknown as Driver;
    const list = names.join(', ');
    const sql = `SELECT ${list} ${rest}`;
    if (!databaseConnection) return this.query<Row>(sql, parameters);
    const asJson = `SELECT json_group_array(json_array(${list})) AS json FROM (${sql})`;
    return observed(this.source.logger, [{ sql, parameters }], () => {
      const [{ json }] = databaseConnection.statement(asJson).all(...parameters);
      return (JSON.parse(json as string) as unknown[][]).map(toRow);
    });
  }
}

/** On a connection of its own, which knows how long to wait; the pool's own `query` goes past that. */
async function askPool<T>(pool: Pool | undefined, sql: string, parameters: readonly unknown[]): Promise<T> {
  const connection = await new Promise<PoolConnection>((resolve, reject) => {
    pool?.getConnection((error, given) => (error ? reject(error) : resolve(given)));
  });
  try {
    return await askMysql<T>(connection, filled(sql, parameters));
  } finally {
    connection.release();
  }
}
