import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/app.entities.js';
import { dataSourceOptions, openWriter } from '../../src/database/data-source.js';
import { createDatabase, engine } from '../support/engine.js';
import { type OpenDatabase, openDatabase, targetOf } from '../support/sources-of-data.js';

Logger.overrideLogger(false);

describe('migrations', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  /** Which of our tables are there. */
  const tables = async () => {
    const runner = database.writer.createQueryRunner();
    const found: string[] = [];
    for (const { tableName } of database.writer.entityMetadatas) {
      if (await runner.hasTable(tableName)) found.push(tableName);
    }
    await runner.release();
    return found;
  };

  it('make exactly what the entities say', async () => {
    const { upQueries } = await database.writer.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('would show a column that differs', async () => {
    await database.writer.query('ALTER TABLE room_bans ADD COLUMN stray bigint');
    const { upQueries } = await database.writer.driver.createSchemaBuilder().log();
    await database.writer.query('ALTER TABLE room_bans DROP COLUMN stray');
    expect(upQueries.length).toBeGreaterThan(0);
  });

  it('run down to nothing and up again', async () => {
    const before = await tables();
    expect(before).toHaveLength(schema.entities.length);
    for (const _ of schema.migrations) await database.writer.undoLastMigration();
    expect(await tables()).toEqual([]);
    await database.writer.runMigrations();
    expect(await tables()).toEqual(before);
  });

  it('count the attachments that are there already', async () => {
    const own = await openDatabase();
    const runner = own.writer.createQueryRunner();
    while (await runner.hasTable('attachment_usage')) await own.writer.undoLastMigration();
    const [ann, bob] = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAW'];
    for (const [i, ownerId] of [ann, bob, ann].entries()) {
      await own.writer.query(
        `INSERT INTO attachments (id, ownerId, name, mediaType, bytes, sha256, storageKey)
         VALUES (?, ?, 'a', 'text/plain', ?, 'x', 'y')`,
        [`01ARZ3NDEKTSV4RRFFQ69G5FA${i}`, ownerId, 10 ** i],
      );
    }
    await own.writer.runMigrations();
    const rows: object[] = await own.writer.query('SELECT * FROM attachment_usage ORDER BY userId');
    expect(rows.map((row) => Object.values(row).map(String))).toEqual([
      [ann, '2', '101'],
      [bob, '1', '10'],
    ]);
    await runner.release();
    await own.close();
  });

  it('put those into the directory who are there already, the active ones', async () => {
    const own = await openDatabase();
    const runner = own.writer.createQueryRunner();
    while (await runner.hasTable('user_names')) await own.writer.undoLastMigration();
    const [ann, gone] = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAW'];
    for (const [id, status] of [
      [ann, 'active'],
      [gone, 'deleted'],
    ]) {
      await own.writer.query(
        `INSERT INTO users (id, username, usernameKey, displayName, displayNameKey, role, status, preferences, rev, createdAt)
         VALUES (?, ?, ?, '李 Zoë', '李 zoë', 'user', ?, '{}', 0, 0)`,
        [id, id, id, status],
      );
    }
    await own.writer.runMigrations();
    const rows: { userId: string; place: number; tail: string }[] = await own.writer.query(
      "SELECT * FROM user_names WHERE tail IN ('李 zoe', 'zoe', 'oe', 'e') ORDER BY place, tail",
    );
    expect(rows.map(({ userId, place, tail }) => [userId, Number(place), tail])).toEqual([
      [ann, 0, '李 zoe'],
      [ann, 1, 'zoe'],
      [ann, 2, 'e'],
      [ann, 2, 'oe'],
    ]);
    await runner.release();
    await own.close();
  });

  it.runIf(engine === 'mysql')('run once when two nodes start at once', async () => {
    const own = await createDatabase();
    const target = await targetOf(own);
    const options = { ...dataSourceOptions(target, schema, 'write'), migrationsRun: true };
    const sources = await Promise.all([openWriter(options), openWriter(options), openWriter(options)]);
    const [{ count }] = await sources[0].query('SELECT COUNT(*) AS count FROM migrations');
    expect(Number(count)).toBe(schema.migrations.length);
    for (const source of sources) await source.destroy();
    await own.drop();
  });

  it.runIf(engine === 'mysql')('keep ids as char(26) in ascii_bin and keys in utf8mb4_bin', async () => {
    const columns: { name: string; type: string; collation: string }[] = await database.writer.query(
      `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name, COLUMN_TYPE AS type, COLLATION_NAME AS collation
       FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()`,
    );
    const of = (name: string) => columns.find((column) => column.name === name);
    for (const name of ['users.id', 'messages.id', 'messages.roomId', 'room_members.userId', 'rooms.ownerId']) {
      expect(of(name)).toMatchObject({ type: 'char(26)', collation: 'ascii_bin' });
    }
    for (const name of ['users.usernameKey', 'rooms.nameKey']) expect(of(name)?.collation).toBe('utf8mb4_bin');
    expect(of('messages.text')?.collation).toBe('utf8mb4_unicode_520_ci');
  });
});
