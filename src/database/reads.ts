import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Pool, PoolConnection } from 'mysql2';
import { DataSource } from 'typeorm';
import { READS } from './data-source.js';
import type { SqliteDatabase } from './sqlite-driver.js';
import { askMysql, observed } from './tx.js';

interface Driver {
  readonly databaseConnection?: SqliteDatabase;
  readonly pool?: Pool;
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
}

/** On a connection of its own, which knows how long to wait; the pool's own `query` goes past that. */
async function askPool<T>(pool: Pool | undefined, sql: string, parameters: readonly unknown[]): Promise<T> {
  const connection = await new Promise<PoolConnection>((resolve, reject) => {
    pool?.getConnection((error, given) => (error ? reject(error) : resolve(given)));
  });
  try {
    return await askMysql<T>(connection, sql, parameters);
  } finally {
    connection.release();
  }
}
