import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource, type Logger } from 'typeorm';
import { getDataSourceToken } from '@nestjs/typeorm';
import { AttachmentsQueries } from '../../src/attachments/attachments.queries.js';
import { AttachmentsService } from '../../src/attachments/attachments.service.js';
import { READS } from '../../src/database/data-source.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { RoomQueries } from '../../src/rooms/room.queries.js';
import { UsersQueries } from '../../src/users/users.queries.js';
import { uploaded } from '../support/attachments.js';
import { engine } from '../support/engine.js';
import { formOf, pictureOf } from '../support/pictures.js';
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

function friendshipOf(low: string, high: string): Record<string, unknown> {
  const asked = { requestedBy: high, requestedTo: low, requestId: newUlid(), state: 'accepted' };
  return { userLow: low, userHigh: high, ...asked, createdAt: 0, acceptedAt: 0 };
}

const blockOf = (blockerId: string, blockedId: string) => ({ blockerId, blockedId, createdAt: 0 });

function attachmentOf(id: string): Record<string, unknown> {
  const keys = { sha256: id, storageKey: id, name: id, mediaType: 'text/plain' };
  return { id, ownerId: id, roomId: id, messageId: id, rev: 1, bytes: 1, ...keys };
}

function inviteOf(id: string): Record<string, unknown> {
  return { id, code: id, roomId: id, byId: id, uses: 0 };
}

/** What hangs on messages: a row of strangers each. */
const PARTS: readonly (readonly [string, (id: string) => Record<string, unknown>])[] = [
  ['mentions', (id) => ({ userId: id, roomId: id, seq: 1, senderId: newUlid() })],
  ['message_changes', (id) => ({ roomId: id, rev: 2, messageId: id, messageRev: 1, event: 'message.edited' })],
  ['message_replies', (id) => ({ messageId: id, rev: 2, roomId: id })],
  ['message_revisions', (id) => ({ messageId: id, no: 1, text: 'x', createdAt: 1 })],
  ['pins', (id) => ({ roomId: id, messageId: id, messageRev: 1, pinnedRev: 2, byId: id })],
  ['attachments', attachmentOf],
  ['reactions', (id) => ({ messageId: id, userId: id, emoji: 'x', createdAt: 1 })],
];

describe('every list is served in order by an index', () => {
  let world: World;
  let ann: Actor;
  let bob: Actor;
  let roomId: string;
  let code: string;
  /** A message that was edited, pinned, reacted to and answered to. */
  let said: string;
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
    await Promise.all(others.slice(0, 25).map((other) => world.befriend(other, ann)));
    for (const other of others.slice(25, 28)) await other.call('POST', '/friends/requests', { userId: ann.id });
    await Promise.all(others.slice(20).map((other) => bob.call('PUT', `/blocks/${other.id}`)));
    const invites = await Promise.all(
      Array.from({ length: 21 }, () => ann.call('POST', `/rooms/${roomId}/invites`, {})),
    );
    code = invites[0].body.code;
    said = (await ann.say(roomId, 'first')).id;
    const answer = { text: 'second', replyToId: said, mentions: [bob.id] };
    for (const [method, path, body] of [
      ['PATCH', `/messages/${said}`, { text: 'third' }],
      ['PUT', `/messages/${said}/pin`],
      ['PUT', `/messages/${said}/reactions/%F0%9F%91%8D`],
      ['POST', `/rooms/${roomId}/messages`, answer],
    ] as const) {
      const { status } = await ann.call(method, path, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
    }
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
        await insertRows(
          tx,
          'user_names',
          ids.map((userId) => ({ place: 0, tail: userId.toLowerCase().slice(0, 24), userId })),
        );
        await insertRows(tx, 'rooms', ids.map(roomOf));
        await insertRows(
          tx,
          'room_members',
          ids.map((id) => membershipOf(id, id)),
        );
        await insertRows(
          tx,
          'friendships',
          ids.slice(1).map((id, at) => friendshipOf(ids[at], id)),
        );
        await insertRows(
          tx,
          'blocks',
          ids.slice(1).map((id, at) => blockOf(ids[at], id)),
        );
        await insertRows(tx, 'room_invites', ids.map(inviteOf));
        for (const [table, row] of PARTS) await insertRows(tx, table, ids.map(row));
      });
    }
    const parts = PARTS.map(([table]) => table).join(', ');
    const tables = `users, rooms, room_members, room_invites, messages, sessions, friendships, blocks, ${parts}`;
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
    ['a checksum', () => `/rooms/${roomId}/integrity?from=10&to=900`],
    ['pins', () => `/rooms/${roomId}/pins`],
    ['replies', () => `/messages/${said}/replies`],
    ['what a message said', () => `/messages/${said}/revisions`],
    ['one message', () => `/messages/${said}`],
    ['a search in a room', () => `/search/messages?q=x&roomId=${roomId}`],
    ['a search over all rooms', () => '/search/messages?q=x'],
    ['my rooms', () => '/rooms?limit=20'],
    ['everything at once', () => '/sync?limit=20'],
    ['public rooms', () => '/rooms/public?query=pla&limit=20'],
    ['members', () => `/rooms/${roomId}/members?limit=20`],
    ['bans', () => `/rooms/${roomId}/bans`],
    ['invites', () => `/rooms/${roomId}/invites?limit=10`],
    ['what an invite leads to', () => `/invites/${code}`],
    ['logins', () => '/auth/sessions'],
    ['all that is one’s own', () => '/users/me/export'],
    ['a picture', () => `/users/${bob.id}/avatar`],
    ['people by name', () => '/users?query=pla&limit=20'],
    ['people by a part of a name', () => '/users?query=ser&limit=20'],
    ['friends', () => '/friends?limit=20'],
    ['requests to me', () => '/friends/requests?limit=20'],
    ['requests of mine', () => '/friends/requests?direction=outgoing'],
    ['blocks', () => '/blocks?limit=20'],
    ['presence', () => `/presence?userIds=${ann.id},${bob.id}`],
    ['members who are here', () => `/rooms/${roomId}/online`],
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
    ['invites', () => `/rooms/${roomId}/invites?limit=10`],
    ['people by name', () => '/users?query=user&limit=10'],
    ['friends', () => '/friends?limit=10'],
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

  it('whom to tell of those who come, and how they are', async () => {
    await world.befriend(ann, bob);
    ear.asked.splice(0);
    const eye = await ann.connect();
    await eye.next('presence');
    expect(
      ear.asked.filter(({ sql }) => /FROM friendships f JOIN|FROM blocks|lastSeenAt|statusExpiresAt >/.test(sql))
        .length,
    ).toBeGreaterThan(3);
    await expectPlans(ear, reads);
  });

  it('whose pictures are', async () => {
    ear.asked.splice(0);
    const pictures = Array.from({ length: 20 }, newUlid);
    expect(await world.app.get(UsersQueries).picturesAmong(pictures)).toEqual([]);
    expect(await world.app.get(RoomQueries).picturesAmong(pictures)).toEqual([]);
    expect(ear.asked).toHaveLength(2);
    await expectPlans(ear, reads);
  });

  it('whose an attachment is, who may load it, and which files are named', async () => {
    const attachment = await uploaded(ann, 'plans');
    ear.asked.splice(0);
    expect((await ann.call('GET', `/attachments/${attachment.id}`)).status).toBe(200);
    const keys = Array.from({ length: 20 }, newUlid);
    expect((await world.app.get(AttachmentsQueries).keysAmong(keys)).size).toBe(0);
    await uploaded(ann, 'more plans');
    expect(ear.asked.filter(({ sql }) => /attachments/.test(sql)).length).toBeGreaterThan(2);
    await expectPlans(ear, reads);
  });

  it('what becomes of attachments', async () => {
    const writer = world.app.get(DataSource);
    const own = new Eavesdropper(writer);
    const service = world.app.get(AttachmentsService);
    const uow = world.app.get(UnitOfWork);
    const [first, second] = [await uploaded(ann, 'one'), await uploaded(ann, 'two')];
    const message = await ann.say(roomId, 'with attachments');
    const place = { roomId, messageId: message.id, rev: message.rev, senderId: ann.id };
    await uow.run((tx) => service.claim(tx, [first.id], place));
    await uow.run((tx) => service.copy(tx, [first.id], place));
    await uow.run((tx) => service.release(tx, message.id));
    await uow.run((tx) => world.app.get(AttachmentsQueries).lockUnsentBefore(tx, newUlid(), 100));
    await uow.run((tx) => world.app.get(AttachmentsQueries).lockUnsentOf(tx, ann.id));
    expect((await ann.call('DELETE', `/attachments/${second.id}`)).status).toBe(204);
    expect(own.asked.filter(({ sql }) => /attachments/.test(sql)).length).toBeGreaterThan(10);
    await expectPlans(own, writer);
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
    const { id: mine } = await ann.say(roomId, 'to be changed');
    for (const [method, path, body] of [
      ['PATCH', `/messages/${mine}`, { text: 'changed' }],
      ['PUT', `/messages/${mine}/pin`],
      ['PUT', `/messages/${mine}/reactions/%F0%9F%91%8D`],
      ['POST', `/rooms/${roomId}/messages`, { text: 'x', replyToId: mine, mentions: [bob.id] }],
      ['POST', `/rooms/${roomId}/messages`, { text: 'x', mentions: ['all'] }],
      ['DELETE', `/messages/${mine}`],
    ] as const) {
      expect((await ann.call(method, path, body)).status).toBeLessThan(300);
    }
    const [carl] = await world.users(1);
    for (const [method, path, body] of [
      ['PUT', `/rooms/${roomId}/members/${carl.id}`, {}],
      ['PUT', `/rooms/${roomId}/bans/${carl.id}`, {}],
      ['DELETE', `/rooms/${roomId}/bans/${carl.id}`],
      ['PATCH', `/rooms/${roomId}`, { topic: 'plans' }],
      ['POST', '/rooms/direct', { userId: carl.id }],
      ['PATCH', '/users/me', { bio: 'plans' }],
      ['POST', '/friends/requests', { userId: carl.id }],
      ['PUT', `/blocks/${carl.id}`],
      ['PATCH', '/preferences', { contact: 'friends' }],
      ['POST', `/rooms/${roomId}/invites`, { maxUses: 1 }],
      ['DELETE', `/rooms/${roomId}/invites`],
    ] as const) {
      expect((await ann.call(method, path, body)).status).toBeLessThan(300);
    }
    expect((await bob.call('POST', `/rooms/${roomId}/leave`)).status).toBeLessThan(300);
    expect((await ann.call('POST', `/rooms/${roomId}/leave`)).status).toBeLessThan(300);
    expect((await carl.call('POST', '/auth/logout')).status).toBe(204);
    expect((await ann.call('PUT', '/users/me/avatar', formOf(await pictureOf('png')))).status).toBe(200);
    expect((await bob.call('DELETE', '/users/me')).status).toBe(204);
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
