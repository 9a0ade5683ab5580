import type { DataSource } from 'typeorm';
import { schema } from '../../src/app.entities.js';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions, openReader, openWriter } from '../../src/database/data-source.js';
import { type DatabaseTarget, prepareTarget } from '../../src/database/target.js';
import { type TestDatabase, createDatabase } from './engine.js';

/** The two data sources of the program over an empty database, without the program. */
export interface OpenDatabase {
  readonly target: DatabaseTarget;
  readonly writer: DataSource;
  readonly reader: DataSource;
  readonly close: () => Promise<void>;
}

export async function targetOf(database: TestDatabase): Promise<DatabaseTarget> {
  const env = { NODE_ENV: 'test', DATABASE_URL: database.url, DATA_DIR: database.dataDir };
  return prepareTarget(loadConfig(env).database);
}

/** Opens both, tables included. */
export async function openDatabase(): Promise<OpenDatabase> {
  const database = await createDatabase();
  const target = await targetOf(database);
  const writer = await openWriter({ ...dataSourceOptions(target, schema, 'write'), migrationsRun: true });
  const reader = await openReader(dataSourceOptions(target, schema, 'read'));
  const close = async () => {
    await reader.destroy();
    await writer.destroy();
    await database.drop();
  };
  return { target, writer, reader, close };
}
