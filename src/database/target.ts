import { Logger } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import type { DatabaseConfig } from '../config/database.config.js';

/** A SQLite file. A temporary one is deleted when the process ends it properly. */
export interface SqliteTarget {
  readonly kind: 'sqlite';
  readonly path: string;
  readonly temporary: boolean;
}

/** A server that speaks MySQL's protocol. `durable`: a commit is on disk before it is answered. */
export interface MysqlTarget {
  readonly kind: 'mysql';
  readonly url: string;
  readonly flavour: 'mysql' | 'mariadb';
  readonly durable: boolean;
}

/** The database that this process uses, looked at before anything is opened. */
export type DatabaseTarget = SqliteTarget | MysqlTarget;

const OLDEST = { mysql: [8, 0], mariadb: [10, 11] } as const;

/**
 * Looks at the configured database: makes a temporary file for `sqlite::memory:` (two connections must see it), or
 * creates a missing MySQL database and reads the server's version and durability settings.
 *
 * @throws Error with a sentence for the operator when the server cannot be reached or is too old
 */
export async function prepareTarget(config: DatabaseConfig): Promise<DatabaseTarget> {
  if (config.kind === 'mysql') return prepareMysql(config.url);
  const temporary = config.path === ':memory:';
  const path = temporary ? join(mkdtempSync(join(tmpdir(), 'parley-')), 'parley.db') : config.path;
  return { kind: 'sqlite', path, temporary };
}

/** Deletes a temporary file; does nothing for any other target. */
export function disposeTarget(target: DatabaseTarget): void {
  if (target.kind === 'sqlite' && target.temporary) rmSync(join(target.path, '..'), { recursive: true, force: true });
}

async function prepareMysql(url: string): Promise<MysqlTarget> {
  const address = new URL(url);
  const database = decodeURIComponent(address.pathname.slice(1));
  address.pathname = '/';
  const connection = await open(address);
  try {
    await createMissing(connection, database);
    const [rows] = await connection.query('SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flushes');
    const [{ version, flushes }] = rows as { version: string; flushes: number }[];
    const flavour = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
    if (isOlder(version, OLDEST[flavour])) {
      throw new Error(`${flavour} ${version} is too old; Parley needs MySQL 8.0 or MariaDB 10.11`);
    }
    const durable = Number(flushes) === 1;
    if (!durable) new Logger('Database').warn({ event: 'database.durabilityReduced', flushAtCommit: Number(flushes) });
    return { kind: 'mysql', url, flavour, durable };
  } finally {
    await connection.end();
  }
}

async function open(address: URL): Promise<Connection> {
  try {
    return await createConnection({ uri: address.href, connectTimeout: 10_000 });
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new Error(`the database server at ${address.host} lets nobody in: ${message || code}`, { cause });
  }
}

/** Looks first: an account that may only read and write rows may not even try to create what exists. */
async function createMissing(connection: Connection, database: string): Promise<void> {
  const [found] = await connection.query('SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [database]);
  if ((found as unknown[]).length > 0) return;
  const name = connection.escapeId(database);
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor, ownMinor] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
