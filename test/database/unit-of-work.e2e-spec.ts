import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/common/chat-error.js';
import { uniqueViolation } from '../../src/database/errors.js';
import { insertRows, upsertRows } from '../../src/database/sql.js';
import type { Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { EventHub } from '../../src/events/event-hub.js';
import { engine } from '../support/engine.js';
import { type OpenDatabase, openDatabase } from '../support/sources-of-data.js';

Logger.overrideLogger(false);

describe('UnitOfWork', () => {
  let database: OpenDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await openDatabase();
    uow = new UnitOfWork(database.writer);
  });
  afterAll(() => database.close());
  beforeEach(() => uow.run((tx) => tx.execute('DELETE FROM installation')));

  const put = (tx: Tx, name: string, value = 'x') => insertRows(tx, 'installation', [{ name, value }]);
  const names = async (): Promise<string[]> => {
    const rows: { name: string }[] = await database.reader.query('SELECT name FROM installation ORDER BY name');
    return rows.map(({ name }) => name);
  };

  it('keeps overlapping transactions apart: one that fails takes nothing of another with it', async () => {
    const bad = uow.run(async (tx) => {
      await put(tx, 'bad');
      await pause(20);
      throw new Error('fails');
    });
    const good = pause(5).then(() => uow.run((tx) => put(tx, 'good')));
    const [first, second] = await Promise.allSettled([bad, good]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
    expect(await names()).toEqual(['good']);
  });

  it('runs a statement for each list of values and says how many rows they changed together', async () => {
    const changed = await uow.run(async (tx) => {
      await put(tx, 'one');
      await put(tx, 'two');
      const lists = ['one', 'two', 'nobody'].map((name) => ['y', name]);
      return tx.executeEach('UPDATE installation SET value = ? WHERE name = ?', lists);
    });
    expect(changed).toBe(2);
  });

  it('stores a text that holds placeholders, quotes and backslashes as it is', async () => {
    const value = `a ? b ' c " d \\ e ; COMMIT; -- ?`;
    await uow.run(async (tx) => {
      await put(tx, 'strange', 'x');
      await tx.postEach('UPDATE installation SET value = ? WHERE name = ?', [[value, 'strange']]);
    });
    expect(await database.reader.query('SELECT value FROM installation')).toEqual([{ value }]);
  });

  it('keeps exactly the acknowledged rows of a random mix', async () => {
    const kept: string[] = [];
    const writer = async (own: number) => {
      for (let i = 0; i < 25; i++) {
        const name = `${own}-${i}`;
        const isBad = (own * 7 + i) % 3 === 0;
        const written = uow.run(async (tx) => {
          await put(tx, name);
          if (i % 5 === 0) await pause(1);
          if (isBad) throw new ChatError('CONFLICT');
        });
        await written.then(
          () => kept.push(name),
          (error: unknown) => expect(error).toMatchObject({ code: 'CONFLICT' }),
        );
      }
    };
    await Promise.all(Array.from({ length: 40 }, (_, own) => writer(own)));
    expect(await names()).toEqual(kept.sort((a, b) => (a < b ? -1 : 1)));
  });

  it('shows readers nothing that is not committed', async () => {
    await uow.run(async (tx) => {
      await put(tx, 'later');
      expect(await names()).toEqual([]);
    });
    expect(await names()).toEqual(['later']);
  });

  it('calls listeners after the commit, in order, and ends them before it returns; never after a rollback', async () => {
    const told: string[] = [];
    await uow.run(async (tx) => {
      await put(tx, 'a');
      tx.onCommit(async () => {
        told.push(`sees ${(await names()).join()}`);
        await pause(5);
        told.push('slow');
      });
      tx.onCommit(() => void told.push('second'));
    });
    expect(told.sort((a, b) => a.localeCompare(b))).toEqual(['second', 'sees a', 'slow']);
    const failed = uow.run((tx) => {
      tx.onCommit(() => void told.push('never'));
      return Promise.reject(new Error('fails'));
    });
    await expect(failed).rejects.toThrow('fails');
    expect(told).not.toContain('never');
  });

  it('lets a listener begin a unit of work of its own', async () => {
    await uow.run(async (tx) => {
      await put(tx, 'outer');
      tx.onCommit(() => uow.run((inner) => put(inner, 'inner')));
    });
    expect(await names()).toEqual(['inner', 'outer']);
  });

  it('does not repeat work that refuses', async () => {
    let runs = 0;
    const refused = uow.run(() => {
      runs++;
      return Promise.reject(new ChatError('FORBIDDEN'));
    });
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(runs).toBe(1);
  });

  it.runIf(engine === 'mysql')('repeats work that ran into a deadlock', async () => {
    await uow.run(async (tx) => {
      await put(tx, 'one');
      await put(tx, 'two');
    });
    let runs = 0;
    const cross = (first: string, second: string) =>
      uow.run(async (tx) => {
        runs++;
        await tx.execute('UPDATE installation SET value = ? WHERE name = ?', [first, first]);
        await pause(30);
        await tx.execute('UPDATE installation SET value = ? WHERE name = ?', [first, second]);
      });
    await Promise.all([cross('one', 'two'), cross('two', 'one')]);
    expect(runs).toBeGreaterThan(2);
  });

  it.runIf(engine === 'mysql')('answers UNAVAILABLE when the connection is killed, and works again', async () => {
    const killed = uow.run(async (tx) => {
      const [{ id }] = await tx.query<{ id: number }>('SELECT CONNECTION_ID() AS id');
      await put(tx, 'lost');
      await database.reader.query(`KILL CONNECTION ${id}`);
      await tx.execute("INSERT INTO installation VALUES ('lost too', 'x')");
    });
    await expect(killed).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await uow.run((tx) => put(tx, 'after'));
    expect(await names()).toEqual(['after']);
  });

  it.runIf(engine === 'sqlite')('reads through a connection that cannot write', async () => {
    await expect(database.reader.query("INSERT INTO installation VALUES ('a', 'b')")).rejects.toThrow(/readonly/i);
  });

  it('tells a broken unique rule from other faults', async () => {
    await uow.run((tx) => put(tx, 'once'));
    const again = await uow.run((tx) => put(tx, 'once')).catch((error: unknown) => error);
    expect(uniqueViolation(again)).not.toBeNull();
    const other = await uow.run((tx) => tx.execute('UPDATE nowhere SET x = 1')).catch((error: unknown) => error);
    expect(uniqueViolation(other)).toBeNull();
  });

  it('inserts many rows and replaces those that exist', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ name: `row ${String(i).padStart(3, '0')}`, value: `${i}` }));
    await uow.run((tx) => insertRows(tx, 'installation', rows));
    const target = { table: 'installation', conflict: ['name'], updates: ['value'] };
    await uow.run((tx) =>
      upsertRows(tx, target, [
        { ...rows[0], value: 'new' },
        { name: 'zzz', value: 'added' },
      ]),
    );
    const found: { value: string }[] = await database.reader.query('SELECT value FROM installation ORDER BY name');
    expect(found.map(({ value }) => value)).toEqual(['new', ...rows.slice(1).map(({ value }) => value), 'added']);
  });

  it('undoes the transaction when a listener inside it fails, and only logs one that fails after it', async () => {
    const hub = new EventHub();
    const payload = { userId: 'u', byId: null, reason: 'test' };
    hub.on('UserSuspended', () => Promise.reject(new Error('a listener of the test fails')));
    await uow.run(async (tx) => {
      await put(tx, 'stands');
      await hub.emit(tx, 'UserSuspended', payload);
    });
    hub.onInTransaction('UserSuspended', () => Promise.reject(new ChatError('CONFLICT')));
    const undone = uow.run(async (tx) => {
      await put(tx, 'undone');
      await hub.emit(tx, 'UserSuspended', payload);
    });
    await expect(undone).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await names()).toEqual(['stands']);
  });
});
