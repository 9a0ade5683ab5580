import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';
import { ULID_LENGTH } from './columns.js';
import { DatabaseLogger } from './logger.js';
import { type Patience, superviseConnections } from './mysql-connections.js';
import { SqliteDatabase } from './sqlite-driver.js';
import type { DatabaseTarget, MysqlTarget, SqliteTarget } from './target.js';

/** The name of the data source for reading; the default one writes (ADR 0008). */
export const READS = 'reads';

type Class<T> = new () => T;

/** The tables of the program, handed in from `app.entities.ts`. */
export interface Schema {
  readonly entities: readonly Class<object>[];
  readonly migrations: readonly Class<MigrationInterface>[];
}

/** A data source whose ULID columns are `char` on MySQL; SQLite knows no such type, so entities say `varchar`. */
export class ParleyDataSource extends DataSource {
  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    if (this.options.type === 'better-sqlite3') return;
    const columns = this.entityMetadatas.flatMap((entity) => entity.columns);
    for (const column of columns) if (column.length === String(ULID_LENGTH)) column.type = 'char';
  }
}

/**
 * Options of the data source that writes, or of the one for reading: a read-only connection on SQLite, so that it never
 * sees what is not committed, and a pool of its own on MySQL, so that no write waits behind a long read.
 */
export function dataSourceOptions(target: DatabaseTarget, schema: Schema, role: 'write' | 'read'): DataSourceOptions {
  const common = {
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    synchronize: false,
    migrationsRun: false,
    migrationsTransactionMode: 'each' as const,
    logger: new DatabaseLogger(),
    maxQueryExecutionTime: 500,
  };
  if (target.kind === 'sqlite') return { ...common, ...sqliteOptions(target, role) };
  return { ...common, ...mysqlOptions(target, role) };
}

/** Where the database is, for those who open a connection of their own: a worker thread, a tool. */
export type DatabasePlace =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'mysql'; readonly url: string };

/** Where a data source has its database. */
export function placeOf({ options }: DataSource): DatabasePlace {
  const { type, database, url } = options as { type: string; database?: string; url?: string };
  return type === 'better-sqlite3' ? { kind: 'sqlite', path: database ?? '' } : { kind: 'mysql', url: url ?? '' };
}

function sqliteOptions(target: SqliteTarget, role: 'write' | 'read') {
  const readonly = role === 'read';
  return {
    type: 'better-sqlite3' as const,
    driver: SqliteDatabase,
    database: target.path,
    readonly,
    enableWAL: !readonly,
    timeout: 5000,
    statementCacheSize: 500,
    prepareDatabase: (database: SqliteDatabase) => {
      // An ack means that the row is on disk; group commit pays for the sync.
      database.pragma('synchronous = FULL');
      // A page that many commits change is copied from the log into the file once. At 40 MiB in place of 4, a message
      // costs a quarter less (28 → 21 µs, measured); a copy takes some 15 ms.
      database.pragma('wal_autocheckpoint = 10000');
      database.pragma('journal_size_limit = 67108864');
      database.pragma('cache_size = -65536');
      database.pragma('temp_store = MEMORY');
    },
  };
}

function mysqlOptions(target: MysqlTarget, role: 'write' | 'read') {
  return {
    type: target.flavour,
    url: target.url,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    poolSize: 10,
    connectTimeout: 1500,
    // Several statements of a transaction travel together (ADR 0016).
    extra: { enableKeepAlive: true, multipleStatements: role === 'write' },
  };
}

/** Milliseconds: whoever writes or reads is answered within two seconds, whatever the database does (P16). */
const WRITE_MS = 1500;
const MIGRATION_MS = 86_400_000;
const READ_MS = 1900;

/** Opens the data source that writes and, where `migrationsRun` asks for it, brings the tables up to date. */
export async function openWriter(options: DataSourceOptions | undefined): Promise<DataSource> {
  // A migration may take as long as it needs.
  const patience = { ms: options?.migrationsRun ? MIGRATION_MS : WRITE_MS };
  const source = await open({ ...required(options), migrationsRun: false }, patience);
  if (options?.migrationsRun) await runMigrations(source);
  patience.ms = WRITE_MS;
  return source;
}

/** Opens a data source as it is. */
export const openReader = (options: DataSourceOptions | undefined): Promise<DataSource> =>
  open(required(options), { ms: READ_MS });

async function open(options: DataSourceOptions, patience: Patience): Promise<DataSource> {
  const source = await new ParleyDataSource(options).initialize();
  if (options.type !== 'better-sqlite3') await superviseConnections(source, patience);
  return source;
}

function required(options: DataSourceOptions | undefined): DataSourceOptions {
  if (!options) throw new Error('a data source needs options');
  return options;
}

/** Several nodes may start at once on MySQL: one migrates, the others wait and find nothing left to do. */
async function runMigrations(source: DataSource): Promise<void> {
  if (source.options.type === 'better-sqlite3') {
    await source.runMigrations();
    return;
  }
  const holder = source.createQueryRunner();
  try {
    const [{ held }] = await holder.query("SELECT GET_LOCK(CONCAT(DATABASE(), '.migrations'), 600) AS held");
    if (Number(held) !== 1) throw new Error('another node has been migrating for ten minutes');
    await source.runMigrations();
  } finally {
    await holder.query("SELECT RELEASE_LOCK(CONCAT(DATABASE(), '.migrations'))");
    await holder.release();
  }
}
