import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/app.entities.js';
import { dataSourceOptions, openReader, openWriter } from '../../src/database/data-source.js';
import { type MysqlTarget, type SqliteTarget, disposeTarget, prepareTarget } from '../../src/database/target.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { type TestDatabase, createDatabase, engine } from '../support/engine.js';

Logger.overrideLogger(false);

describe.runIf(engine === 'sqlite')('a SQLite target', () => {
  it('is a temporary file for :memory:, which both connections see and which ends with the process', async () => {
    const memory = { kind: 'sqlite', path: ':memory:', migrateOnStart: true } as const;
    const target = (await prepareTarget(memory)) as SqliteTarget;
    const other = (await prepareTarget(memory)) as SqliteTarget;
    expect(target).toMatchObject({ kind: 'sqlite', temporary: true });
    expect(other.path).not.toBe(target.path);
    const writer = await openWriter({ ...dataSourceOptions(target, schema, 'write'), migrationsRun: true });
    const reader = await openReader(dataSourceOptions(target, schema, 'read'));
    await new UnitOfWork(writer).run((tx) => tx.execute("INSERT INTO installation VALUES ('a', 'b')"));
    expect(await reader.query('SELECT * FROM installation')).toMatchObject([{ name: 'a', value: 'b' }]);
    await reader.destroy();
    await writer.destroy();
    for (const each of [target, other]) disposeTarget(each);
    expect(existsSync(dirname(target.path))).toBe(false);
  });

  it('leaves a file of the operator alone, and syncs it at each commit', async () => {
    const database = await createDatabase();
    const path = database.url.slice('sqlite:'.length);
    const target = await prepareTarget({ kind: 'sqlite', path, migrateOnStart: true });
    const writer = await openWriter({ ...dataSourceOptions(target, schema, 'write'), migrationsRun: true });
    const pragma = async (name: string) => Object.values((await writer.query(`PRAGMA ${name}`))[0] as object)[0];
    expect([await pragma('journal_mode'), await pragma('synchronous')]).toEqual(['wal', 2]);
    expect([await pragma('busy_timeout'), await pragma('foreign_keys')]).toEqual([5000, 1]);
    await writer.destroy();
    disposeTarget(target);
    expect(readdirSync(database.dataDir)).toContain('parley.db');
    await database.drop();
  });
});

describe.runIf(engine === 'mysql')('a MySQL target', () => {
  let root: Connection;
  let database: TestDatabase;
  const account = `parley_${randomBytes(4).toString('hex')}`;
  beforeAll(async () => {
    root = await createConnection({ uri: process.env.TEST_MYSQL_URL });
    database = await createDatabase();
  });
  afterAll(async () => {
    await root.query(`DROP USER IF EXISTS '${account}'@'%'`);
    await root.end();
    await database.drop();
  });

  const prepare = (url: string) => prepareTarget({ kind: 'mysql', url, migrateOnStart: true });

  it('creates a database that is missing, for every script', async () => {
    const target = (await prepare(database.url)) as MysqlTarget;
    expect(target).toMatchObject({ kind: 'mysql', url: database.url });
    expect(['mysql', 'mariadb']).toContain(target.flavour);
    const [rows] = await root.query('SELECT * FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [
      new URL(database.url).pathname.slice(1),
    ]);
    expect(rows).toMatchObject([{ DEFAULT_COLLATION_NAME: 'utf8mb4_unicode_520_ci' }]);
    expect(await prepare(database.url)).toEqual(target);
  });

  it('does with an account that may only read and write rows, where the tables are there', async () => {
    await prepare(database.url);
    const name = new URL(database.url).pathname.slice(1);
    await root.query(`CREATE USER '${account}'@'%' IDENTIFIED BY 'a word'`);
    await root.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON \`${name}\`.* TO '${account}'@'%'`);
    const url = new URL(database.url);
    url.username = account;
    url.password = 'a word';
    await expect(prepare(url.href)).resolves.toMatchObject({ kind: 'mysql' });
  });

  it('says in one sentence why there is no connection, without the password', async () => {
    const url = new URL(database.url);
    url.username = 'nobody_of_the_test';
    url.password = 'topsecret';
    const refused = prepare(url.href);
    await expect(refused).rejects.toThrow(/the database server at .*: Access denied/);
    await expect(refused).rejects.not.toThrow(/topsecret/);
    await expect(prepare('mysql://root@127.0.0.1:1/parley')).rejects.toThrow(/127\.0\.0\.1:1 .*ECONNREFUSED/);
  });
});
