import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/app.entities.js';
import { dataSourceOptions, openWriter } from '../../src/database/data-source.js';
import { toRefusal } from '../../src/database/errors.js';
import { insertRows } from '../../src/database/sql.js';
import type { MysqlTarget } from '../../src/database/target.js';
import type { Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { DatabaseWire } from '../support/database-wire.js';
import { engine } from '../support/engine.js';
import { type OpenDatabase, openDatabase } from '../support/sources-of-data.js';

Logger.overrideLogger(false);

describe.runIf(engine === 'mysql')('faults of a MySQL server', () => {
  let database: OpenDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await openDatabase();
    uow = new UnitOfWork(database.writer);
  });
  afterAll(() => database.close());
  beforeEach(() => uow.run((tx) => tx.execute('DELETE FROM installation')));

  const put = (tx: Tx, name: string) => insertRows(tx, 'installation', [{ name, value: 'x' }]);
  const names = async (): Promise<string[]> => {
    const rows: { name: string }[] = await database.reader.query('SELECT name FROM installation ORDER BY name');
    return rows.map(({ name }) => name);
  };
  const idOf = async (tx: Tx): Promise<number> =>
    (await tx.query<{ id: number }>('SELECT CONNECTION_ID() AS id'))[0].id;
  const kill = (id: number) => database.reader.query(`KILL CONNECTION ${id}`);
  /** Waits until the server says that the connection sleeps, so that the kill meets it there. */
  const killSleeper = async (id: number) => {
    const sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ? AND INFO LIKE 'SELECT SLEEP%'";
    while (((await database.reader.query(sql, [id])) as unknown[]).length === 0);
    await kill(id);
  };
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  it('answers UNAVAILABLE when the connection is killed while a statement runs, and stores nothing', async () => {
    const code = await codeOf(
      uow.run(async (tx) => {
        await put(tx, 'lost');
        const id = await idOf(tx);
        await Promise.all([tx.query('SELECT SLEEP(10)'), killSleeper(id)]);
      }),
    );
    expect(code).toBe('UNAVAILABLE');
    expect(await names()).toEqual([]);
  });

  it('answers TIMEOUT when the connection is lost at the commit: only a repeat can tell', async () => {
    const code = await codeOf(
      uow.run(async (tx) => {
        await put(tx, 'lost');
        await kill(await idOf(tx));
      }),
    );
    expect(code).toBe('TIMEOUT');
    expect(await names()).toEqual([]);
    await uow.run((tx) => put(tx, 'after'));
    expect(await names()).toEqual(['after']);
  });

  it('reads what others have committed while a transaction runs', async () => {
    await uow.run(async (tx) => {
      const count = async () => Number((await tx.query<{ n: number }>('SELECT COUNT(*) AS n FROM installation'))[0].n);
      expect(await count()).toBe(0);
      await uow.run((other) => put(other, 'other'));
      expect(await count()).toBe(1);
    });
  });

  it('refuses at once while the server cannot be reached, and works again when it can', async () => {
    const { url, ...target } = database.target as MysqlTarget;
    const wire = new DatabaseWire(url);
    await wire.mend();
    const writer = await openWriter(dataSourceOptions({ ...target, url: wire.url }, schema, 'write'));
    const far = new UnitOfWork(writer);
    await far.run((tx) => put(tx, 'before'));
    await wire.cut();
    const begun = Date.now();
    for (let i = 0; i < 5; i++) expect(await codeOf(far.run((tx) => put(tx, `away ${i}`)))).toBe('UNAVAILABLE');
    expect(Date.now() - begun).toBeLessThan(2000);
    await wire.mend();
    await far.run((tx) => put(tx, 'after'));
    expect(await names()).toEqual(['after', 'before']);
    await writer.destroy();
    await wire.cut();
  });

  it('answers UNAVAILABLE when the server goes away during the work', async () => {
    const { url, ...target } = database.target as MysqlTarget;
    const wire = new DatabaseWire(url);
    await wire.mend();
    const writer = await openWriter(dataSourceOptions({ ...target, url: wire.url }, schema, 'write'));
    const far = new UnitOfWork(writer);
    const code = await codeOf(
      far.run(async (tx) => {
        await put(tx, 'lost');
        await wire.cut();
        await put(tx, 'lost too');
      }),
    );
    expect(code).toBe('UNAVAILABLE');
    expect(await names()).toEqual([]);
    await writer.destroy();
  });

  it('answers UNAVAILABLE to reads, too', async () => {
    const { url, ...target } = database.target as MysqlTarget;
    const wire = new DatabaseWire(url);
    await wire.mend();
    const reader = await openWriter(dataSourceOptions({ ...target, url: wire.url }, schema, 'read'));
    await wire.cut();
    const fault: unknown = await reader.query('SELECT 1').catch((error: unknown) => error);
    expect(toRefusal(fault)).toMatchObject({ code: 'UNAVAILABLE' });
    await reader.destroy();
  });
});
