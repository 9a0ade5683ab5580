import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteDatabase } from './sqlite-driver.js';

describe('SqliteDatabase', () => {
  let folder: string;
  let database: SqliteDatabase;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-driver-'));
    database = new SqliteDatabase(join(folder, 'a.db'));
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE t (id integer PRIMARY KEY, name text UNIQUE, bytes blob, amount bigint NOT NULL)');
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const insert = (...values: unknown[]) =>
    database.prepare('INSERT INTO t (id, name, bytes, amount) VALUES (?, ?, ?, ?)').run(...values);
  const codeOf = (work: () => unknown): unknown => {
    try {
      work();
      return 'done';
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };

  it('gives back what was put in', () => {
    const bytes = new Uint8Array([0, 255, 7]);
    expect(insert(1, '你好 😀', bytes, Date.UTC(2026, 0, 1))).toMatchObject({ changes: 1 });
    insert(2, null, undefined, true);
    const rows = database.prepare('SELECT * FROM t ORDER BY id').all();
    expect(rows[0]).toMatchObject({ id: 1, name: '你好 😀', amount: Date.UTC(2026, 0, 1) });
    expect(Buffer.from(rows[0].bytes as Uint8Array)).toEqual(Buffer.from(bytes));
    expect(rows[1]).toMatchObject({ name: null, bytes: null, amount: 1 });
  });

  it.each([
    ['SELECT 1'],
    ['PRAGMA page_count'],
    ['WITH x AS (SELECT 1) SELECT * FROM x'],
    ['EXPLAIN SELECT 1'],
    ['VALUES (1)'],
    ["INSERT INTO t VALUES (9, 'x', NULL, 0) RETURNING id"],
  ])('knows that %s yields rows', (sql) => {
    expect(database.prepare(sql).reader).toBe(true);
  });

  it.each([["UPDATE t SET name = 'x'"], ['DELETE FROM t'], ['BEGIN'], ['CREATE TABLE u (id integer)']])(
    'knows that %s yields none',
    (sql) => {
      expect(database.prepare(sql).reader).toBe(false);
    },
  );

  it('names faults as better-sqlite3 does', () => {
    insert(1, 'a', null, 0);
    expect(codeOf(() => insert(1, 'b', null, 0))).toBe('SQLITE_CONSTRAINT_PRIMARYKEY');
    expect(codeOf(() => insert(2, 'a', null, 0))).toBe('SQLITE_CONSTRAINT_UNIQUE');
    expect(codeOf(() => insert(2, 'b', null, null))).toBe('SQLITE_CONSTRAINT_NOTNULL');
    expect(codeOf(() => database.prepare('SELECT * FROM nowhere'))).toBe('SQLITE_ERROR');
  });

  it('refuses a value that no column holds, instead of storing something like it', () => {
    for (const value of [{}, [1], Symbol('x'), () => 1, new Date()]) {
      expect(() => insert(1, value, null, 0)).toThrow(TypeError);
    }
  });

  it('waits for the lock of another process, and says SQLITE_BUSY in the end', () => {
    const other = new SqliteDatabase(join(folder, 'a.db'), { timeout: 20 });
    database.exec('BEGIN IMMEDIATE');
    expect(codeOf(() => other.exec('BEGIN IMMEDIATE'))).toBe('SQLITE_BUSY');
    database.exec('COMMIT');
    expect(codeOf(() => other.exec('BEGIN IMMEDIATE'))).toBe('done');
    other.close();
  });

  it('says SQLITE_BUSY_SNAPSHOT where a transaction would write over what it has not seen', () => {
    const other = new SqliteDatabase(join(folder, 'a.db'), { timeout: 20 });
    other.exec('BEGIN');
    other.prepare('SELECT COUNT(*) FROM t').all();
    insert(1, 'a', null, 0);
    expect(codeOf(() => other.exec("INSERT INTO t VALUES (2, 'b', NULL, 0)"))).toBe('SQLITE_BUSY_SNAPSHOT');
    other.exec('ROLLBACK');
    other.close();
  });

  it('writes nothing through a connection for reading', () => {
    const reader = new SqliteDatabase(join(folder, 'a.db'), { readonly: true });
    insert(1, 'a', null, 0);
    expect(reader.prepare('SELECT name FROM t').all()).toMatchObject([{ name: 'a' }]);
    expect(codeOf(() => reader.exec('DELETE FROM t'))).toBe('SQLITE_READONLY');
    reader.close();
  });
});
