import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** A database of its own for one test file, and the folder for the program's files. */
export interface TestDatabase {
  readonly url: string;
  readonly dataDir: string;
  /** Deletes both. */
  readonly drop: () => Promise<void>;
}

/** Which database this run is on: `mysql` in the Vitest project of that name, else SQLite. */
export const engine = process.env.TEST_ENGINE === 'mysql' ? 'mysql' : 'sqlite';

/** Makes an empty database on the engine of this run. */
export async function createDatabase(): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const dropDir = () => rmSync(dataDir, { recursive: true, force: true });
  if (engine === 'sqlite') {
    return { url: `sqlite:${join(dataDir, 'parley.db')}`, dataDir, drop: () => Promise.resolve(dropDir()) };
  }
  const server = process.env.TEST_MYSQL_URL ?? '';
  const name = `parley_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = async () => {
    const connection = await createConnection({ uri: server });
    await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
    await connection.end();
    dropDir();
  };
  return { url: url.href, dataDir, drop };
}
