import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { engine } from '../support/engine.js';
import { type OpenDatabase, openDatabase } from '../support/sources-of-data.js';

Logger.overrideLogger(false);

const ROOMY = 1_000_000;

// SQLite ends the transaction by itself when a page cannot be had; InnoDB undoes the statement and says 1114.
describe.runIf(engine === 'sqlite')('a full disk', () => {
  let database: OpenDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await openDatabase();
    uow = new UnitOfWork(database.writer);
  });
  afterAll(() => database.close());

  const setPages = (count: number) => database.writer.query(`PRAGMA max_page_count = ${count}`);
  const put = (name: string, bytes = 10) =>
    uow.run((tx) => insertRows(tx, 'users_of_the_test', [{ name, value: 'x'.repeat(bytes) }]));
  const names = async (): Promise<string[]> => {
    const rows: { name: string }[] = await database.reader.query('SELECT name FROM users_of_the_test ORDER BY name');
    return rows.map(({ name }) => name);
  };
  /** The refusals of a disk that is full from now on. */
  const fill = async (): Promise<unknown[]> => {
    const [{ page_count: used }]: { page_count: number }[] = await database.writer.query('PRAGMA page_count');
    await setPages(used);
    const refusals: unknown[] = [];
    for (let i = 0; i < 5; i++) refusals.push(await put(`full ${i}`, 100_000).catch((error: unknown) => error));
    return refusals;
  };

  it('refuses with QUOTA_EXCEEDED, stores nothing, and all is well again without a restart', async () => {
    await database.writer.query('CREATE TABLE users_of_the_test (name varchar(20) PRIMARY KEY, value text)');
    await put('before');
    const refusals = await fill();
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(await names()).toEqual(['before']);
    await setPages(ROOMY);
    await put('after');
    // Another connection sees it, so it is really committed.
    expect(await names()).toEqual(['after', 'before']);
    const failing = uow.run(async (tx) => {
      await insertRows(tx, 'users_of_the_test', [{ name: 'undone', value: '' }]);
      throw new Error('fails');
    });
    await expect(failing).rejects.toThrow('fails');
    await put('last');
    expect(await names()).toEqual(['after', 'before', 'last']);
  });
});
