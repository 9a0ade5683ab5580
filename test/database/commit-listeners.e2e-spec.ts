import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/common/chat-error.js';
import { insertRows } from '../../src/database/sql.js';
import type { Tx } from '../../src/database/tx.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { EventHub } from '../../src/events/event-hub.js';
import { engine } from '../support/engine.js';
import { type OpenDatabase, openDatabase } from '../support/sources-of-data.js';

Logger.overrideLogger(false);

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('what is told after a commit', () => {
  let database: OpenDatabase;
  let uow: UnitOfWork;
  let hub: EventHub;
  beforeAll(async () => {
    database = await openDatabase();
    uow = new UnitOfWork(database.writer);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    hub = new EventHub();
    await uow.run((tx) => tx.execute('DELETE FROM installation'));
  });

  const put = (tx: Tx, name: string) => insertRows(tx, 'installation', [{ name, value: 'x' }]);
  const names = async (): Promise<string[]> => {
    const rows: { name: string }[] = await database.reader.query('SELECT name FROM installation ORDER BY name');
    return rows.map(({ name }) => name);
  };
  const suspended = (userId: string) => ({ userId, byId: null, reason: 'test' });
  const ended = (userId: string) => ({ userId, sessionIds: [], reason: 'SUSPENDED' }) as const;

  // On MySQL the answers to two commits may overtake each other on their way; feeds put that right by rev.
  it.runIf(engine === 'sqlite')('comes in the order of the commits', async () => {
    const told: string[] = [];
    const committed: string[] = [];
    hub.on('UserSuspended', ({ userId }) => void told.push(userId));
    const write = (name: string) =>
      uow.run(async (tx) => {
        await put(tx, name);
        if (name.endsWith('5')) await turn();
        await hub.emit(tx, 'UserSuspended', suspended(name));
        committed.push(name);
      });
    await Promise.all(Array.from({ length: 30 }, (_, i) => write(`unit ${i}`)));
    expect(committed).toHaveLength(30);
    expect(told).toEqual(committed);
  });

  it('is told in the order of emit, to each listener in the order in which it came', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', ({ userId }) => void told.push(`suspended ${userId}`));
    hub.on('UserSuspended', ({ userId }) => void told.push(`suspended ${userId} too`));
    hub.on('SessionsEnded', ({ userId }) => void told.push(`ended ${userId}`));
    await uow.run(async (tx) => {
      await hub.emit(tx, 'SessionsEnded', ended('a'));
      await hub.emit(tx, 'UserSuspended', suspended('b'));
      await hub.emit(tx, 'SessionsEnded', ended('c'));
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['ended a', 'suspended b', 'suspended b too', 'ended c']);
  });

  it('has been heard to the end when the unit of work returns, and finds it stored', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', async () => {
      told.push(...(await names()));
      await turn();
      told.push('the end');
    });
    await uow.run(async (tx) => {
      await put(tx, 'stored');
      await hub.emit(tx, 'UserSuspended', suspended('a'));
    });
    expect(told).toEqual(['stored', 'the end']);
  });

  it('is told to nobody after a rollback, whatever caused it', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', ({ userId }) => void told.push(userId));
    const refused = uow.run(async (tx) => {
      await put(tx, 'undone');
      await hub.emit(tx, 'UserSuspended', suspended('refused'));
      throw new ChatError('CONFLICT');
    });
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' });
    hub.onInTransaction('SessionsEnded', () => Promise.reject(new Error('fails inside')));
    const failed = uow.run(async (tx) => {
      await hub.emit(tx, 'UserSuspended', suspended('failed'));
      await hub.emit(tx, 'SessionsEnded', ended('failed'));
    });
    await expect(failed).rejects.toThrow('fails inside');
    expect(told).toEqual([]);
    expect(await names()).toEqual([]);
  });

  it('is told inside the transaction first, where a listener may write and sees what was written', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', () => void told.push('after'));
    hub.onInTransaction('UserSuspended', async (tx, { userId }) => {
      const rows = await tx.query<{ name: string }>('SELECT name FROM installation');
      told.push(`inside ${rows.map(({ name }) => name).join()}`);
      await put(tx, `by ${userId}`);
    });
    hub.onInTransaction('UserSuspended', async () => {
      await turn();
      told.push('inside too');
    });
    await uow.run(async (tx) => {
      await put(tx, 'first');
      await hub.emit(tx, 'UserSuspended', suspended('ann'));
      told.push('emitted');
    });
    expect(told).toEqual(['inside first', 'inside too', 'emitted', 'after']);
    expect(await names()).toEqual(['by ann', 'first']);
  });

  it('stands when a listener fails, and the others hear it all the same', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', () => {
      throw new Error('a listener of the test fails at once');
    });
    hub.on('UserSuspended', () => Promise.reject(new Error('a listener of the test fails later')));
    hub.on('UserSuspended', async () => {
      await turn();
      told.push('heard');
    });
    const result = await uow.run(async (tx) => {
      await put(tx, 'stands');
      tx.onCommit(() => Promise.reject(new Error('a bare listener of the test fails')));
      tx.onCommit(() => {
        throw new Error('a bare listener of the test fails at once');
      });
      await hub.emit(tx, 'UserSuspended', suspended('a'));
      return 'the result';
    });
    expect(result).toBe('the result');
    expect(told).toEqual(['heard']);
    expect(await names()).toEqual(['stands']);
  });

  it('is told once where the work had to be repeated', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', ({ userId }) => void told.push(userId));
    let runs = 0;
    await uow.run(async (tx) => {
      runs++;
      await put(tx, 'once');
      await hub.emit(tx, 'UserSuspended', suspended(`run ${runs}`));
      if (runs < 3) throw Object.assign(new Error('of the test'), { code: 'ER_LOCK_DEADLOCK' });
    });
    expect(told).toEqual(['run 3']);
    expect(await names()).toEqual(['once']);
  });

  it('gives up after five attempts, with nothing stored', async () => {
    let runs = 0;
    const failed = uow.run(async (tx) => {
      runs++;
      await put(tx, 'never');
      throw Object.assign(new Error('of the test'), { code: 'SQLITE_BUSY' });
    });
    await expect(failed).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(runs).toBe(5);
    expect(await names()).toEqual([]);
  });

  it('is told without a transaction, too, and never throws', async () => {
    const told: string[] = [];
    hub.on('UserSuspended', () => Promise.reject(new Error('a listener of the test fails')));
    hub.on('UserSuspended', ({ userId }) => void told.push(userId));
    await hub.publish('UserSuspended', suspended('a'));
    await hub.publish('SessionsEnded', ended('nobody listens'));
    expect(told).toEqual(['a']);
  });
});
