import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { DatabaseLogger } from '../../src/database/logger.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { MemberView, MessageView, Page, RoomView } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const refusalOf = ({ status, body }: Answer) => [status, body?.code];

async function rolesOf(actor: Actor, roomId: string): Promise<Record<string, string>> {
  const { body } = await actor.call<Page<MemberView>>('GET', `/rooms/${roomId}/members?limit=100`);
  return Object.fromEntries(body.items.map(({ user, role }) => [user.id, role]));
}

async function noticesOf(actor: Actor, roomId: string, count: number): Promise<unknown[]> {
  const { items } = (await actor.call<Page<MessageView>>('GET', `/rooms/${roomId}/messages?limit=${count}`)).body;
  return items.map(({ payload }) => payload);
}

const leave = (actor: Actor, roomId: string) => actor.call('POST', `/rooms/${roomId}/leave`);

const promote = (by: Actor, roomId: string, user: Actor) =>
  by.call('PUT', `/rooms/${roomId}/members/${user.id}`, { role: 'admin' });

async function deleteAccount(actor: Actor): Promise<void> {
  expect((await actor.call('DELETE', '/users/me')).status).toBe(204);
}

/** How many statements it takes to delete the account of a member of that many rooms, in which all else is then right. */
async function goFrom(count: number): Promise<number> {
  const ann = await world.user();
  const ids = Array.from({ length: count }, () => newUlid());
  const numbers = { headRev: 0, headSeq: 0, headAt: 1, memberRev: 0, floorRev: 0, memberCount: 2, createdAt: 1 };
  const room = { kind: 'group', visibility: 'private', name: 'x', nameKey: 'x', settings: '{}', ...numbers };
  const marks = { joinedRev: 0, joinedAt: 1, visibleFromRev: 0, readSeq: 0, readVersion: 0 };
  const membership = { userId: ann.id, role: 'member', notify: 'all', ...marks };
  const rooms = ids.map((id) => ({ id, ...room }));
  const memberships = ids.map((roomId) => ({ roomId, ...membership }));
  await world.app.get(UnitOfWork).run(async (tx) => {
    await insertRows(tx, 'rooms', rooms);
    await insertRows(tx, 'room_members', memberships);
  });
  const sent = vi.spyOn(DatabaseLogger.prototype, 'logQuery');
  await deleteAccount(ann);
  const statements = sent.mock.calls.length;
  sent.mockRestore();
  expect(await world.app.rows('SELECT roomId FROM room_members WHERE userId = ?', [ann.id])).toEqual([]);
  const left = await world.app.rows<{ memberCount: number; headRev: number }>(
    `SELECT memberCount, headRev FROM rooms WHERE id IN (${ids.map(() => '?').join(', ')})`,
    ids,
  );
  expect(left).toHaveLength(count);
  expect(left.filter((row) => Number(row.memberCount) !== 1 || Number(row.headRev) !== 1)).toEqual([]);
  return statements;
}

/** One owner, and he is who the room says; as many members as it says. */
async function expectOwned(roomId: string): Promise<void> {
  const [room] = await world.app.rows<{ ownerId: string | null; memberCount: number; archivedAt: number | null }>(
    'SELECT ownerId, memberCount, archivedAt FROM rooms WHERE id = ?',
    [roomId],
  );
  const members = await world.app.rows<{ userId: string; role: string }>(
    'SELECT userId, role FROM room_members WHERE roomId = ?',
    [roomId],
  );
  const owners = members.filter(({ role }) => role === 'owner').map(({ userId }) => userId);
  expect(members).toHaveLength(Number(room.memberCount));
  expect(owners).toEqual(room.ownerId === null ? [] : [room.ownerId]);
  expect(owners.length === 0).toBe(members.length === 0);
  expect(room.archivedAt !== null).toBe(members.length === 0);
}

describe('an owner who leaves', () => {
  it('is followed by the admin who has been there longest, and everybody is told', async () => {
    const [ann, bob, cid, dan, eve] = await world.users(5);
    const { id } = await world.room([ann, bob, cid, dan]);
    await promote(ann, id, dan);
    await promote(ann, id, cid);
    const [hears, stranger] = [await bob.connect(), await eve.connect()];
    expect((await leave(ann, id)).status).toBe(204);
    expect(await rolesOf(bob, id)).toEqual({ [bob.id]: 'member', [cid.id]: 'owner', [dan.id]: 'admin' });
    expect((await bob.call<RoomView>('GET', `/rooms/${id}`)).body.ownerId).toBe(cid.id);
    expect((await hears.next('member.left')).data).toMatchObject({ userId: ann.id, role: null });
    expect((await hears.next('member.updated')).data).toMatchObject({ userId: cid.id, byId: null, role: 'owner' });
    expect(await noticesOf(bob, id, 2)).toMatchObject([
      { type: 'member.left', userId: ann.id, byId: ann.id },
      { type: 'member.updated', userId: cid.id, byId: null, role: 'owner' },
    ]);
    await stranger.call('ping');
    expect(stranger.durable(id)).toEqual([]);
    expect((await cid.call('POST', `/rooms/${id}/archive`)).status).toBe(204);
  });

  it('is followed by the member who has been there longest where there is no admin', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, cid], { visibility: 'public' });
    await bob.call('POST', `/rooms/${id}/join`);
    await leave(cid, id);
    await cid.call('POST', `/rooms/${id}/join`);
    await leave(ann, id);
    expect(await rolesOf(bob, id)).toEqual({ [bob.id]: 'owner', [cid.id]: 'member' });
  });

  it('is followed by somebody suspended only where nobody else is there', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob, cid]);
    await promote(ann, id, bob);
    await world.app.get(UsersService).suspend(Principal.system('test'), bob.id, 'test');
    await leave(ann, id);
    expect(await rolesOf(cid, id)).toEqual({ [bob.id]: 'admin', [cid.id]: 'owner' });
    await leave(cid, id);
    await expectOwned(id);
    const [{ ownerId }] = await world.app.rows<{ ownerId: string }>('SELECT ownerId FROM rooms WHERE id = ?', [id]);
    expect(ownerId).toBe(bob.id);
  });

  it('leaves a whole room behind when all leave at once, and others come', async () => {
    for (let round = 0; round < 3; round++) {
      const people = await world.users(8);
      const [ann, bob, cid, ...others] = people;
      const { id } = await world.room([ann, bob, cid], { visibility: 'public' });
      await promote(ann, id, bob);
      await Promise.all([
        ...[ann, bob, cid].map((actor) => leave(actor, id)),
        ...others.map((actor) => actor.call('POST', `/rooms/${id}/join`)),
        ann.call('POST', `/rooms/${id}/owner`, { userId: cid.id }),
      ]);
      await expectOwned(id);
    }
  });

  it('has handed the room over, or leaves it to who is next: never two owners, never none', async () => {
    for (let round = 0; round < 5; round++) {
      const [ann, bob, cid] = await world.users(3);
      const { id } = await world.room([ann, bob, cid]);
      const answers = await Promise.all([
        ann.call('POST', `/rooms/${id}/owner`, { userId: bob.id }),
        leave(ann, id),
        leave(bob, id),
      ]);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      await expectOwned(id);
    }
  });
});

describe('who deletes his account', () => {
  it('is in no room any more, and each of them goes on', async () => {
    const [ann, bob, cid] = await world.users(3);
    const owned = await world.room([ann, bob, cid], { visibility: 'public' });
    const joined = await world.room([bob, ann]);
    const alone = await world.room([ann], { visibility: 'public' });
    const direct = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    await ann.say(direct.id, 'hello');
    const [gone, hears, others] = [await ann.connect(), await bob.connect(), await cid.connect()];
    await deleteAccount(ann);
    expect(await world.app.rows('SELECT roomId FROM room_members WHERE userId = ?', [ann.id])).toEqual([]);
    expect(await rolesOf(bob, owned.id)).toEqual({ [bob.id]: 'owner', [cid.id]: 'member' });
    expect(await rolesOf(bob, joined.id)).toEqual({ [bob.id]: 'owner' });
    for (const { id } of [owned, joined, alone]) await expectOwned(id);
    expect((await cid.call('GET', `/rooms/${alone.id}`)).body).toMatchObject({ memberCount: 0, ownerId: null });
    const left = { userId: ann.id, byId: null, role: null };
    for (const room of [owned, joined, direct]) {
      const told = () => hears.of('member.left', room.id)[0];
      expect((await hears.until(told, 'member.left')).data).toMatchObject(left);
    }
    expect((await others.next('member.left')).data).toMatchObject({ ...left, memberCount: 2 });
    await bob.say(owned.id, 'without her');
    await others.next('message.created');
    await expect.poll(() => gone.closed?.code).toBe(4200);
    expect(gone.frames.filter(({ event }) => event.startsWith('member.') || event === 'message.created')).toEqual([]);
    expect(others.durable(joined.id)).toEqual([]);
  });

  it('leaves direct rooms to read and not to write in', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    const sent = await ann.say(id, 'hello');
    const hears = await bob.connect();
    await deleteAccount(ann);
    const { data } = await hears.next('room.updated');
    expect(data).toMatchObject({ id, memberCount: 1, archivedAt: expect.any(String) });
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/messages`, { text: 'are you there?' }))).toEqual([
      409,
      'ROOM_ARCHIVED',
    ]);
    const { items } = (await bob.call<Page<MessageView>>('GET', `/rooms/${id}/messages`)).body;
    expect(items.map(({ text, payload }) => text ?? payload?.type)).toEqual(['hello', 'member.left', 'room.updated']);
    expect(items[0]).toMatchObject({ id: sent.id, senderId: ann.id });
    const again = await bob.call('POST', '/rooms/direct', { userId: ann.id });
    expect([again.status, again.body.id]).toEqual([200, id]);
  });

  it('takes a bounded number of statements, however many rooms', async () => {
    const few = await goFrom(100);
    const many = await goFrom(350);
    // A hundred rooms go together: three more stretches, none of them by the room.
    expect(few).toBeLessThan(60);
    expect(many - few).toBeGreaterThan(0);
    expect(many - few).toBeLessThanOrEqual(3 * 10);
  });

  it('hands on what he inherits while he goes', async () => {
    const [cid, dan] = await world.users(2);
    for (let round = 0; round < 12; round++) {
      const [ann, bob] = await world.users(2);
      const rooms = await Promise.all(Array.from({ length: 5 }, () => world.room([ann, bob, cid, dan])));
      await Promise.all(rooms.map(({ id }) => promote(ann, id, bob)));
      await Promise.all([...rooms.map(({ id }) => leave(ann, id)), deleteAccount(bob)]);
      for (const { id } of rooms) await expectOwned(id);
    }
  });

  it('hands on what is handed to him, or takes back, while he goes', async () => {
    const [cid] = await world.users(1);
    for (let round = 0; round < 6; round++) {
      const [ann, bob] = await world.users(2);
      const rooms = await Promise.all(Array.from({ length: 5 }, () => world.room([ann, bob, cid])));
      const handOver = (roomId: string) => ann.call('POST', `/rooms/${roomId}/owner`, { userId: bob.id });
      const goes = round % 2 ? ann : bob;
      const answers = await Promise.all([...rooms.map(({ id }) => handOver(id)), deleteAccount(goes)]);
      expect(answers.filter((answer) => (answer?.status ?? 0) >= 500)).toEqual([]);
      for (const { id } of rooms) await expectOwned(id);
    }
  });

  it('stays out of rooms that he would join meanwhile', async () => {
    const [ann, bob] = await world.users(2);
    const rooms = await Promise.all(Array.from({ length: 10 }, () => world.room([ann], { visibility: 'public' })));
    const joins = rooms.map(({ id }, i) => [
      bob.call('POST', `/rooms/${id}/join`),
      ...(i === 4 ? [deleteAccount(bob)] : []),
    ]);
    await Promise.all(joins.flat());
    expect(await world.app.rows('SELECT roomId FROM room_members WHERE userId = ?', [bob.id])).toEqual([]);
    for (const { id } of rooms) await expectOwned(id);
  });
});
