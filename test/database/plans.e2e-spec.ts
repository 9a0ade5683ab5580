import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource, type Logger } from 'typeorm';
import { getDataSourceToken } from '@nestjs/typeorm';
import { READS } from '../../src/database/data-source.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { engine } from '../support/engine.js';
import { type Actor, World, newUlid } from '../support/world.js';

interface Asked {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Notes every statement that reads, as the program really asks it. */
class Eavesdropper {
  readonly asked: Asked[] = [];

  constructor(source: DataSource) {
    const own = source.logger;
    const logger: Logger = Object.create(own) as Logger;
    logger.logQuery = (sql, parameters) => void this.asked.push({ sql, parameters: (parameters ?? []) as unknown[] });
    Object.defineProperty(source, 'logger', { value: logger });
  }
}

function strangerOf(id: string): Record<string, unknown> {
  const names = { username: id, usernameKey: id, displayName: id, displayNameKey: id };
  return { id, ...names, role: 'user', status: 'active', preferences: '{}', rev: 0, createdAt: 0 };
}

function roomOf(id: string): Record<string, unknown> {
  const numbers = { headRev: 0, headSeq: 0, headAt: 0, memberRev: 0, floorRev: 0, memberCount: 0, createdAt: 0 };
  return { id, kind: 'group', visibility: 'private', name: id, nameKey: id, settings: '{}', ...numbers };
}

function membershipOf(roomId: string, userId: string): Record<string, unknown> {
  const numbers = { joinedRev: 0, joinedAt: 0, visibleFromRev: 0, readSeq: 0, readVersion: 0 };
  return { roomId, userId, role: 'member', notify: 'all', ...numbers };
}

describe('every list is served in order by an index', () => {
  let world: World;
  let ann: Actor;
  let bob: Actor;
  let roomId: string;
  let reads: DataSource;
  let ear: Eavesdropper;
  beforeAll(async () => {
    world = await World.create();
    [ann, bob] = await world.users(2);
    ({ id: roomId } = await world.room([ann, bob], { visibility: 'public', name: 'Plans' }));
    const socket = await ann.connect();
    for (let i = 0; i < 1000; i++) {
      const id = socket.send('message.send', { roomId, id: newUlid(), text: 'x' });
      if (i === 999) await socket.answerTo(id);
    }
    const others = await world.users(30);
    await Promise.all(others.map((other) => world.room([other, ann], { visibility: 'public', name: 'Plan' })));
    await Promise.all(others.map((other) => other.call('POST', `/rooms/${roomId}/join`)));
    await crowd();
    reads = world.app.app.get(getDataSourceToken(READS));
    ear = new Eavesdropper(reads);
  });
  afterAll(() => world.stop());

  /** Strangers, so that reading a whole table would cost more than looking a few rows up. */
  async function crowd(): Promise<void> {
    const uow = world.app.get(UnitOfWork);
    for (let i = 0; i < 10; i++) {
      await uow.run(async (tx) => {
        const ids = Array.from({ length: 500 }, () => newUlid());
        await insertRows(tx, 'users', ids.map(strangerOf));
        await insertRows(tx, 'rooms', ids.map(roomOf));
        await insertRows(
          tx,
          'room_members',
          ids.map((id) => membershipOf(id, id)),
        );
      });
    }
    const tables = 'users, rooms, room_members, messages, sessions';
    await world.app.rows(engine === 'mysql' ? `ANALYZE TABLE ${tables}` : 'ANALYZE');
  }

  /** What is wrong with the plan of a statement: a sort, or the reading of a whole table. */
  async function faultsOf({ sql, parameters }: Asked, source = reads): Promise<string[]> {
    const rows: Record<string, unknown>[] = await source.query(
      `${engine === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${sql}`,
      [...parameters],
    );
    if (engine === 'mysql') {
      // `ALL` reads a table from end to end, `index` an index. Of a row that is not there, there is no plan.
      return rows
        .filter((row) => row.table !== null)
        .filter((row) => /filesort|temporary/i.test(String(row.Extra)) || /^(ALL|index)$/.test(String(row.type)))
        .map((row) => `${row.table as string}: ${row.type as string}, ${String(row.Extra)}`);
    }
    return rows.map((row) => String(row.detail)).filter((detail) => /USE TEMP B-TREE|^SCAN (?!CONSTANT)/.test(detail));
  }

  it.each([
    ['the newest page of history', () => `/rooms/${roomId}/messages`],
    ['a page before a rev', () => `/rooms/${roomId}/messages?before=500`],
    ['a page after a rev', () => `/rooms/${roomId}/messages?after=500`],
    ['a page around a rev', () => `/rooms/${roomId}/messages?around=500`],
    ['a page at a time', () => `/rooms/${roomId}/messages?at=2020-01-01T00:00:00Z`],
    ['changes', () => `/rooms/${roomId}/changes?since=800`],
    ['my rooms', () => '/rooms?limit=20'],
    ['everything at once', () => '/sync?limit=20'],
    ['public rooms', () => '/rooms/public?query=pla&limit=20'],
    ['members', () => `/rooms/${roomId}/members?limit=20`],
    ['bans', () => `/rooms/${roomId}/bans`],
    ['logins', () => '/auth/sessions'],
    ['people by name', () => '/users?query=pla&limit=20'],
  ])('%s', async (_, path) => {
    ear.asked.splice(0);
    expect((await ann.call('GET', path())).status).toBe(200);
    await expectPlans(ear, reads);
  });

  it.each([
    ['history', () => `/rooms/${roomId}/messages?after=0&limit=10`],
    ['my rooms', () => '/rooms?limit=10'],
    ['public rooms', () => '/rooms/public?query=pla&limit=10'],
    ['members', () => `/rooms/${roomId}/members?limit=10`],
    ['people by name', () => '/users?query=user&limit=10'],
  ])('the second page of %s', async (_, path) => {
    const { next } = (await ann.call<{ next: string }>('GET', path())).body;
    ear.asked.splice(0);
    const second = path().replace(/after=0&/, '');
    const { status, body } = await ann.call('GET', `${second}${second.includes('?') ? '&' : '?'}cursor=${next}`);
    expect([status, body.items.length]).toEqual([200, 10]);
    await expectPlans(ear, reads);
  });

  it('where the rooms of somebody stand who connects', async () => {
    ear.asked.splice(0);
    await ann.connect({ open: [roomId], cursor: { rooms: { [roomId]: 900 } } });
    expect(ear.asked.some(({ sql }) => /room_members m JOIN rooms r/.test(sql))).toBe(true);
    await expectPlans(ear, reads);
  });

  it('what is locked, read and changed by those who write', async () => {
    const writer = world.app.get(DataSource);
    const own = new Eavesdropper(writer);
    const socket = await bob.connect();
    const id = newUlid();
    for (const text of ['x', 'x', 'y']) await socket.call('message.send', { roomId, id, text });
    await ann.say(roomId, 'something new');
    const read = await socket.call('room.read', { roomId, readSeq: 1001 });
    expect(read.event).toBe('ack');
    const [carl] = await world.users(1);
    for (const [method, path, body] of [
      ['PUT', `/rooms/${roomId}/members/${carl.id}`, {}],
      ['PUT', `/rooms/${roomId}/bans/${carl.id}`, {}],
      ['DELETE', `/rooms/${roomId}/bans/${carl.id}`],
      ['PATCH', `/rooms/${roomId}`, { topic: 'plans' }],
      ['POST', '/rooms/direct', { userId: carl.id }],
      ['PATCH', '/users/me', { bio: 'plans' }],
    ] as const) {
      expect((await ann.call(method, path, body)).status).toBeLessThan(300);
    }
    expect((await bob.call('POST', `/rooms/${roomId}/leave`)).status).toBeLessThan(300);
    expect((await bob.call('POST', '/auth/logout')).status).toBe(204);
    await expectPlans(own, writer);
  });

  async function expectPlans({ asked }: Eavesdropper, source: DataSource): Promise<void> {
    const looked = asked.filter(({ sql }) => /^\s*(SELECT|UPDATE|DELETE)/i.test(sql));
    expect(looked.length).toBeGreaterThan(0);
    const faults: string[] = [];
    for (const one of looked) faults.push(...(await faultsOf(one, source)).map((fault) => `${fault} in ${one.sql}`));
    expect(faults).toEqual([]);
  }

  it('would see a sort', async () => {
    const sql = 'SELECT id FROM users ORDER BY bio';
    expect(await faultsOf({ sql, parameters: [] })).not.toEqual([]);
  });
});
