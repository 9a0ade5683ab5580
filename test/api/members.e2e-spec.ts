import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventHub } from '../../src/events/event-hub.js';
import type { BanView, MemberRoomView, MemberView, MessageView, Page } from '../../src/protocol/views.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const refusalOf = ({ status, body }: Answer) => [status, body?.code];

async function historyOf(actor: Actor, roomId: string): Promise<readonly MessageView[]> {
  return (await actor.call<Page<MessageView>>('GET', `/rooms/${roomId}/messages?limit=100`)).body.items;
}

/** What the newest notice says. */
async function newestOf(actor: Actor, roomId: string): Promise<unknown> {
  return (await historyOf(actor, roomId)).at(-1)?.payload;
}

async function rolesOf(actor: Actor, roomId: string): Promise<Record<string, string>> {
  const { body } = await actor.call<Page<MemberView>>('GET', `/rooms/${roomId}/members?limit=100`);
  return Object.fromEntries(body.items.map(({ user, role }) => [user.id, role]));
}

const setRole = (by: Actor, roomId: string, user: Actor, role?: string) =>
  by.call<MemberView>('PUT', `/rooms/${roomId}/members/${user.id}`, { role });

const ban = (by: Actor, roomId: string, user: Actor, body: object = {}) =>
  by.call<BanView>('PUT', `/rooms/${roomId}/bans/${user.id}`, body);

/** What must hold in a room at any quiet moment, from the rows themselves. */
async function expectWhole(roomId: string): Promise<void> {
  const numbers = (rows: object[]) => rows.map((row) => Object.values(row).map(Number));
  const [room] = await world.app.rows<{ headRev: number; headSeq: number; memberCount: number; ownerId: string }>(
    'SELECT headRev, headSeq, memberCount, ownerId FROM rooms WHERE id = ?',
    [roomId],
  );
  const revs = numbers(await world.app.rows('SELECT rev FROM messages WHERE roomId = ? ORDER BY rev', [roomId]));
  expect(revs.flat()).toEqual(Array.from({ length: Number(room.headRev) }, (_, i) => i + 1));
  const members = await world.app.rows<{ userId: string; role: string; joinedRev: number }>(
    'SELECT userId, role, joinedRev FROM room_members WHERE roomId = ?',
    [roomId],
  );
  expect(members).toHaveLength(Number(room.memberCount));
  expect(members.filter(({ role }) => role === 'owner').map(({ userId }) => userId)).toEqual(
    room.ownerId === null ? [] : [room.ownerId],
  );
  const notices = await world.app.rows<{ rev: number; payload: string }>(
    "SELECT rev, payload FROM messages WHERE roomId = ? AND kind = 'notice' ORDER BY rev",
    [roomId],
  );
  // Replaying the notices gives the members.
  const replayed = new Map<string, { role: string; joinedRev: number }>();
  for (const { rev, payload } of notices) {
    const { type, userId, role } = JSON.parse(payload) as { type: string; userId: string; role: string };
    if (type === 'member.joined') expect(replayed.has(userId)).toBe(false);
    if (type === 'member.joined') replayed.set(userId, { role, joinedRev: Number(rev) });
    const known = replayed.get(userId);
    if (type === 'member.updated' && known) replayed.set(userId, { ...known, role });
    if (type === 'member.left' || type === 'member.removed') expect(replayed.delete(userId)).toBe(true);
  }
  expect(Object.fromEntries(replayed)).toEqual(
    Object.fromEntries(members.map(({ userId, role, joinedRev }) => [userId, { role, joinedRev: Number(joinedRev) }])),
  );
}

const userRevOf = async (actor: Actor): Promise<number> => {
  const [{ rev }] = await world.app.rows<{ rev: number }>('SELECT rev FROM users WHERE id = ?', [actor.id]);
  return Number(rev);
};

describe('POST /rooms/:id/join', () => {
  it('makes a member of a public room who sees the history and has read it', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann], { visibility: 'public' });
    await ann.say(id, 'before');
    const { status, body } = await bob.call<MemberRoomView>('POST', `/rooms/${id}/join`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, role: 'member', memberCount: 2, headRev: 3, headSeq: 1, readSeq: 1, unread: 0 });
    expect(body.lastMessage?.payload).toEqual({
      type: 'member.joined',
      memberCount: 2,
      userId: bob.id,
      byId: bob.id,
      role: 'member',
    });
    expect((await historyOf(bob, id)).map(({ text }) => text)).toEqual([null, 'before', null]);
    await bob.say(id, 'hello');
    await expectWhole(id);
  });

  it('changes nothing for a member, his userRev neither', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const userRev = await userRevOf(bob);
    const { status, body } = await bob.call('POST', `/rooms/${id}/join`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ memberCount: 2, headRev: 2 });
    expect(await userRevOf(bob)).toBe(userRev);
  });

  it('does not know private rooms', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/join`))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await bob.call('POST', `/rooms/${newUlid()}/join`))).toEqual([404, 'NOT_FOUND']);
    expect(await rolesOf(ann, id)).toEqual({ [ann.id]: 'owner' });
  });

  it('holds when twenty join at once, each several times', async () => {
    const [ann, ...others] = await world.users(21);
    const { id } = await world.room([ann], { visibility: 'public' });
    const joins = [...others, ...others].map((actor) => actor.call<MemberRoomView>('POST', `/rooms/${id}/join`));
    for (const answer of await Promise.all(joins)) expect(answer.status).toBe(200);
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ memberCount: 21 });
    await expectWhole(id);
  });
});

describe('POST /rooms/:id/leave', () => {
  it('ends a membership and all it allows', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const userRev = await userRevOf(bob);
    expect((await bob.call('POST', `/rooms/${id}/leave`)).status).toBe(204);
    expect(await newestOf(ann, id)).toEqual({
      type: 'member.left',
      userId: bob.id,
      byId: bob.id,
      role: null,
      memberCount: 1,
    });
    expect(await userRevOf(bob)).toBe(userRev + 1);
    for (const path of ['', '/members', '/messages', '/changes?since=0']) {
      expect(refusalOf(await bob.call('GET', `/rooms/${id}${path}`))).toEqual([404, 'NOT_FOUND']);
    }
    expect((await bob.call('GET', '/rooms')).body.items).toEqual([]);
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/leave`))).toEqual([404, 'NOT_FOUND']);
    await expectWhole(id);
  });

  it('lets who left come back to a public room', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    await bob.call('POST', `/rooms/${id}/leave`);
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/leave`))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await bob.call('GET', `/rooms/${id}/members`))).toEqual([403, 'FORBIDDEN']);
    await ann.say(id);
    const { body } = await bob.call('POST', `/rooms/${id}/join`);
    expect(body).toMatchObject({ memberCount: 2, unread: 0, headRev: 5 });
    await expectWhole(id);
  });

  it('archives a room with its last member', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    await bob.call('POST', `/rooms/${id}/leave`);
    expect((await ann.call('POST', `/rooms/${id}/leave`)).status).toBe(204);
    const { body } = await cid.call('GET', `/rooms/${id}`);
    expect(body).toMatchObject({ memberCount: 0, ownerId: null, archivedAt: expect.any(String) });
    expect(refusalOf(await cid.call('POST', `/rooms/${id}/join`))).toEqual([409, 'ROOM_ARCHIVED']);
    await expectWhole(id);
  });
});

describe('GET /rooms/:id/members', () => {
  it('lists the members in pages, to members alone', async () => {
    const people = await world.users(5);
    const [ann] = people;
    const { id } = await world.room(people);
    const outsider = await world.user();
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: Answer<Page<MemberView>> = await ann.call('GET', `/rooms/${id}/members?limit=2${cursor}`);
      ids.push(...body.items.map(({ user }) => user.id));
      cursor = body.next && `&cursor=${body.next}`;
    }
    expect(ids).toEqual(people.map((person) => person.id).sort());
    const { items } = (await ann.call<Page<MemberView>>('GET', `/rooms/${id}/members`)).body;
    expect(items.find(({ user }) => user.id === ann.id)).toMatchObject({ role: 'owner', mutedUntil: null });
    expect(refusalOf(await outsider.call('GET', `/rooms/${id}/members`))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('PUT /rooms/:id/members/:userId', () => {
  it('adds somebody: 201, and 200 when he is there already', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    await ann.say(id);
    const userRev = await userRevOf(bob);
    const { status, body } = await setRole(ann, id, bob);
    expect(status).toBe(201);
    expect(body).toMatchObject({ user: { id: bob.id }, role: 'member', mutedUntil: null });
    expect(await newestOf(bob, id)).toEqual({
      type: 'member.joined',
      userId: bob.id,
      byId: ann.id,
      role: 'member',
      memberCount: 2,
    });
    expect(await userRevOf(bob)).toBe(userRev + 1);
    expect((await bob.call('GET', `/rooms/${id}`)).body).toMatchObject({ memberCount: 2, unread: 0, headRev: 3 });
    const again = await ann.call('PUT', `/rooms/${id}/members/${bob.id}`);
    expect([again.status, again.body]).toEqual([200, body]);
    expect(await userRevOf(bob)).toBe(userRev + 1);
    await expectWhole(id);
  });

  it('adds with a role, and changes it with a notice', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    expect((await setRole(ann, id, bob, 'admin')).body.role).toBe('admin');
    const { status, body } = await setRole(ann, id, bob, 'member');
    expect([status, body.role]).toEqual([200, 'member']);
    expect(await newestOf(bob, id)).toEqual({
      type: 'member.updated',
      userId: bob.id,
      byId: ann.id,
      role: 'member',
      memberCount: 2,
    });
    await setRole(ann, id, bob, 'member');
    expect((await ann.call('GET', `/rooms/${id}`)).body.headRev).toBe(3);
    await expectWhole(id);
  });

  it('lets admins add members and the owner alone give roles', async () => {
    const [ann, bob, cid, dan, eve] = await world.users(5);
    const { id } = await world.room([ann, bob, cid]);
    expect(refusalOf(await setRole(bob, id, dan))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await setRole(dan, id, dan))).toEqual([404, 'NOT_FOUND']);
    await setRole(ann, id, bob, 'admin');
    expect((await setRole(bob, id, dan)).status).toBe(201);
    expect(refusalOf(await setRole(bob, id, eve, 'admin'))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await setRole(bob, id, cid, 'admin'))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await setRole(bob, id, bob, 'member'))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await setRole(ann, id, cid, 'owner'))).toEqual([422, 'VALIDATION_FAILED']);
    expect(refusalOf(await setRole(ann, id, ann, 'member'))).toEqual([409, 'CONFLICT']);
    const roles = { [ann.id]: 'owner', [bob.id]: 'admin', [cid.id]: 'member', [dan.id]: 'member' };
    expect(await rolesOf(ann, id)).toEqual(roles);
    await expectWhole(id);
  });

  it('adds nobody who does not exist or whose account is not active', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    await world.app.rows("UPDATE users SET status = 'suspended' WHERE id = ?", [bob.id]);
    expect(refusalOf(await setRole(ann, id, bob))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ann.call('PUT', `/rooms/${id}/members/${newUlid()}`, {}))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ann.call('PUT', `/rooms/${id}/members/bob`, {}))).toEqual([422, 'VALIDATION_FAILED']);
    expect(refusalOf(await ann.call('POST', '/rooms/direct', { userId: bob.id }))).toEqual([404, 'NOT_FOUND']);
    await expectWhole(id);
  });
});

describe('DELETE /rooms/:id/members/:userId', () => {
  it('removes a member, who then may do nothing', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const userRev = await userRevOf(bob);
    expect((await ann.call('DELETE', `/rooms/${id}/members/${bob.id}`)).status).toBe(204);
    expect(await newestOf(ann, id)).toEqual({
      type: 'member.removed',
      memberCount: 1,
      userId: bob.id,
      byId: ann.id,
      role: null,
      reason: 'removed',
    });
    expect(await userRevOf(bob)).toBe(userRev + 1);
    expect(refusalOf(await bob.call('GET', `/rooms/${id}`))).toEqual([404, 'NOT_FOUND']);
    const send = { id: newUlid(), text: 'still here' };
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/messages`, send))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ann.call('DELETE', `/rooms/${id}/members/${bob.id}`))).toEqual([404, 'NOT_FOUND']);
    await expectWhole(id);
  });

  it('removes only who stands lower', async () => {
    const [ann, bob, cid, dan, eve] = await world.users(5);
    const { id } = await world.room([ann, bob, cid, dan]);
    await setRole(ann, id, bob, 'admin');
    await setRole(ann, id, cid, 'admin');
    const remove = (by: Actor, user: Actor) => by.call('DELETE', `/rooms/${id}/members/${user.id}`);
    expect(refusalOf(await remove(bob, ann))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await remove(bob, cid))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await remove(bob, bob))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await remove(ann, ann))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await remove(dan, cid))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await remove(eve, dan))).toEqual([404, 'NOT_FOUND']);
    expect((await remove(bob, dan)).status).toBe(204);
    expect((await remove(ann, bob)).status).toBe(204);
    await expectWhole(id);
  });
});

describe('POST /rooms/:id/owner', () => {
  it('swaps owner and admin with a notice each', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    expect((await ann.call('POST', `/rooms/${id}/owner`, { userId: bob.id })).status).toBe(204);
    expect(await rolesOf(ann, id)).toEqual({ [ann.id]: 'admin', [bob.id]: 'owner' });
    expect((await bob.call('GET', `/rooms/${id}`)).body).toMatchObject({ ownerId: bob.id, headRev: 4 });
    const notices = (await historyOf(bob, id)).slice(-2).map(({ payload }) => payload);
    expect(notices).toEqual([
      { type: 'member.updated', userId: ann.id, byId: ann.id, role: 'admin', memberCount: 2 },
      { type: 'member.updated', userId: bob.id, byId: ann.id, role: 'owner', memberCount: 2 },
    ]);
    expect((await ann.call('POST', `/rooms/${id}/leave`)).status).toBe(204);
    await expectWhole(id);
  });

  it('is for the owner, to another member', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob]);
    const handOver = (by: Actor, userId: string) => by.call('POST', `/rooms/${id}/owner`, { userId });
    expect(refusalOf(await handOver(bob, bob.id))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await handOver(cid, cid.id))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await handOver(ann, cid.id))).toEqual([404, 'NOT_FOUND']);
    expect((await handOver(ann, ann.id)).status).toBe(204);
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ ownerId: ann.id, headRev: 2 });
  });
});

describe('bans', () => {
  it('remove a member and keep him out until he is unbanned', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    const userRev = await userRevOf(bob);
    const { status, body } = await ban(ann, id, bob, { reason: 'shouting' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user: { id: bob.id }, byId: ann.id, reason: 'shouting', until: null });
    expect(await newestOf(ann, id)).toEqual({
      type: 'member.removed',
      memberCount: 1,
      userId: bob.id,
      byId: ann.id,
      role: null,
      reason: 'banned',
    });
    expect(await userRevOf(bob)).toBe(userRev + 1);
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/join`))).toEqual([403, 'BANNED']);
    expect(refusalOf(await setRole(ann, id, bob))).toEqual([403, 'BANNED']);
    expect((await ann.call('GET', `/rooms/${id}/bans`)).body).toEqual({ items: [body], next: null });
    expect((await ann.call('DELETE', `/rooms/${id}/bans/${bob.id}`)).status).toBe(204);
    expect((await ann.call('GET', `/rooms/${id}/bans`)).body.items).toEqual([]);
    expect((await bob.call('POST', `/rooms/${id}/join`)).status).toBe(200);
    await expectWhole(id);
  });

  it('of somebody outside leave no notice', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann], { visibility: 'public' });
    const userRev = await userRevOf(bob);
    await ban(ann, id, bob, { reason: 'first' });
    const { body } = await ban(ann, id, bob, { reason: 'second', until: '2999-01-01T00:00:00+02:00' });
    expect(body).toMatchObject({ reason: 'second', until: '2998-12-31T22:00:00.000Z' });
    expect((await ann.call('GET', `/rooms/${id}`)).body.headRev).toBe(1);
    expect((await ann.call('GET', `/rooms/${id}/bans`)).body.items).toHaveLength(1);
    expect(await userRevOf(bob)).toBe(userRev);
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/join`))).toEqual([403, 'BANNED']);
  });

  it('count as none when their end has passed', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann], { visibility: 'public' });
    await ban(ann, id, bob, { until: new Date(Date.now() + 60_000).toISOString() });
    expect(refusalOf(await bob.call('POST', `/rooms/${id}/join`))).toEqual([403, 'BANNED']);
    await world.app.rows('UPDATE room_bans SET until = 1 WHERE roomId = ?', [id]);
    expect((await ann.call('GET', `/rooms/${id}/bans`)).body.items).toEqual([]);
    expect((await bob.call('POST', `/rooms/${id}/join`)).status).toBe(200);
  });

  it('are for admins, of who stands lower', async () => {
    const [ann, bob, cid, dan, eve] = await world.users(5);
    const { id } = await world.room([ann, bob, cid, dan]);
    await setRole(ann, id, bob, 'admin');
    await setRole(ann, id, cid, 'admin');
    expect(refusalOf(await ban(bob, id, ann))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ban(bob, id, cid))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ban(bob, id, bob))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ban(dan, id, eve))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ban(eve, id, dan))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await dan.call('GET', `/rooms/${id}/bans`))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await eve.call('GET', `/rooms/${id}/bans`))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await dan.call('DELETE', `/rooms/${id}/bans/${eve.id}`))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ann.call('DELETE', `/rooms/${id}/bans/${eve.id}`))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ann.call('PUT', `/rooms/${id}/bans/${newUlid()}`, {}))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ban(ann, id, eve, { until: '2020-01-01T00:00:00Z' }))).toEqual([422, 'VALIDATION_FAILED']);
    expect(refusalOf(await ban(ann, id, eve, { until: 'tomorrow' }))).toEqual([422, 'VALIDATION_FAILED']);
    expect((await ban(bob, id, dan)).status).toBe(200);
  });
});

describe('what members are told', () => {
  it('is the change to the room, and who came or went, after the commit and only then', async () => {
    const [ann, bob, cid] = await world.users(3);
    const hub = world.app.get(EventHub);
    const told: string[] = [];
    const nameOf = (userId: string) => ['ann', 'bob', 'cid'][[ann, bob, cid].findIndex((one) => one.id === userId)];
    const isOurs = (userId: string) => nameOf(userId) !== undefined;
    hub.on('RoomChanged', ({ changes }) => {
      const ours = changes.filter(({ data }) => 'byId' in data && isOurs(String(data.byId)));
      told.push(...ours.map(({ event, rev, leaves }) => `${event} ${rev}${leaves ? ` ${nameOf(leaves)} leaves` : ''}`));
    });
    hub.on('MemberAdded', ({ userId, userRev, joinedRev }) => {
      if (isOurs(userId)) told.push(`added ${nameOf(userId)} at ${joinedRev}, userRev ${userRev}`);
    });
    hub.on('UserChanged', ({ userId, userRev, event, data }) => {
      if (isOurs(userId) && 'reason' in data)
        told.push(`${event} ${nameOf(userId)} ${String(data.reason)}, userRev ${userRev}`);
    });
    const take = () => told.splice(0);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    expect(take()).toEqual([
      'member.joined 1',
      'member.joined 2',
      'added ann at 1, userRev 1',
      'added bob at 2, userRev 1',
    ]);
    await cid.call('POST', `/rooms/${id}/join`);
    expect(take()).toEqual(['member.joined 3', 'added cid at 3, userRev 1']);
    await ann.call('DELETE', `/rooms/${id}/members/${cid.id}`);
    expect(take()).toEqual(['member.removed 4 cid leaves', 'room.gone cid removed, userRev 2']);
    await bob.call('POST', `/rooms/${id}/leave`);
    expect(take()).toEqual(['member.left 5 bob leaves', 'room.gone bob left, userRev 2']);
    await setRole(ann, id, bob);
    await setRole(ann, id, bob, 'admin');
    await ban(ann, id, bob);
    expect(take()).toEqual([
      'member.joined 6',
      'added bob at 6, userRev 3',
      'member.updated 7',
      'member.removed 8 bob leaves',
      'room.gone bob banned, userRev 4',
    ]);
    await bob.call('POST', `/rooms/${id}/join`);
    await cid.call('DELETE', `/rooms/${id}/members/${ann.id}`);
    await ban(ann, id, cid);
    await ann.call('POST', `/rooms/${id}/join`);
    expect(take()).toEqual([]);
    await cid.call('POST', '/rooms/direct', { userId: bob.id });
    expect(take().sort()).toEqual(['added bob at 0, userRev 5', 'added cid at 0, userRev 3']);
  });
});

describe('changes of members at once', () => {
  it('keep the number of members, the roles and the revs whole', async () => {
    const people = await world.users(8);
    const [ann, bob, ...others] = people;
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    await setRole(ann, id, bob, 'admin');
    const acts = others.flatMap((other, i) => [
      () => other.call('POST', `/rooms/${id}/join`),
      () => setRole(bob, id, other),
      () => other.call('POST', `/rooms/${id}/leave`),
      () => ann.call('DELETE', `/rooms/${id}/members/${other.id}`),
      () => setRole(ann, id, other, 'admin'),
      () => (i % 2 ? ban(bob, id, other) : setRole(ann, id, other, 'member')),
      () => ann.call('DELETE', `/rooms/${id}/bans/${other.id}`),
      () => other.call('POST', `/rooms/${id}/messages`, { id: newUlid(), text: 'hello' }),
      () => ann.call('PATCH', `/rooms/${id}`, { topic: `topic ${i}` }),
    ]);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(acts.map((act) => act()));
      expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([]);
      await expectWhole(id);
    }
  });

  it('leave one owner when he hands over to several and is followed by them', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob, cid]);
    const handOver = (by: Actor, to: Actor) => by.call('POST', `/rooms/${id}/owner`, { userId: to.id });
    await Promise.all([handOver(ann, bob), handOver(ann, cid), handOver(bob, ann), handOver(cid, bob)]);
    await expectWhole(id);
  });

  it('of crossing rooms and users do not wait for each other for ever', async () => {
    const [ann, bob, cid] = await world.users(3);
    const rooms = await Promise.all(
      [ann, bob, cid].map((owner) => world.room([owner], { visibility: 'public', name: 'Crossing' })),
    );
    const owners = [ann, bob, cid];
    const acts = rooms.flatMap(({ id }, i) =>
      owners
        .filter((actor) => actor !== owners[i])
        .flatMap((other) => [
          setRole(owners[i], id, other),
          other.call('POST', `/rooms/${id}/leave`),
          other.call('POST', `/rooms/${id}/join`),
          other.call('POST', '/rooms', { name: 'Both', visibility: 'private', memberIds: owners.map((one) => one.id) }),
        ]),
    );
    for (const { status } of await Promise.all(acts)) expect(status).toBeLessThan(500);
    for (const { id } of rooms) await expectWhole(id);
  });
});
