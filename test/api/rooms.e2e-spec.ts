import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberRoomView, MessageView, Page, RoomView } from '../../src/protocol/views.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create({ LIMIT_CREATE_MEMBERS: '5' });
});

afterAll(() => world?.stop());

/** The room's history as the caller sees it, oldest first. */
async function historyOf(actor: Actor, roomId: string): Promise<MessageView[]> {
  const { body } = await actor.call<Page<MessageView>>('GET', `/rooms/${roomId}/messages?limit=100`);
  return [...body.items];
}

const refusalOf = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];

/** Every item of a list, read in pages. */
async function listAll<T>(actor: Actor, path: string, limit: number): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const place: string = cursor && `&cursor=${cursor}`;
    const { status, body } = await actor.call<Page<T>>('GET', `${path}limit=${limit}${place}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    cursor = body.next;
  }
  return items;
}

describe('POST /rooms', () => {
  it('makes a room with the creator as owner and a notice for each first member', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { status, body: room } = await ann.call<MemberRoomView>('POST', '/rooms', {
      name: '  Garden  ',
      topic: 'Roses',
      visibility: 'private',
      memberIds: [bob.id, cid.id, bob.id, ann.id],
    });
    expect(status).toBe(201);
    expect(room).toMatchObject({
      kind: 'group',
      visibility: 'private',
      name: 'Garden',
      topic: 'Roses',
      ownerId: ann.id,
      memberCount: 3,
      archivedAt: null,
      role: 'owner',
      headRev: 3,
      headSeq: 0,
      readSeq: 0,
      unread: 0,
      mentions: 0,
      lastMessage: { kind: 'notice', rev: 3, payload: { type: 'member.joined' } },
    });
    expect(room).not.toHaveProperty('peer');
    const history = await historyOf(bob, room.id);
    expect(history.map(({ rev, seq, senderId, payload }) => [rev, seq, senderId, payload?.userId])).toEqual([
      [1, null, ann.id, ann.id],
      [2, null, ann.id, bob.id],
      [3, null, ann.id, cid.id],
    ]);
    expect(history.map(({ payload }) => payload?.role)).toEqual(['owner', 'member', 'member']);
  });

  it('refuses what is not a room', async () => {
    const ann = await world.user();
    const room = { name: 'Garden', visibility: 'public' };
    const bad = [
      { ...room, name: '   ' },
      { ...room, name: 'x'.repeat(101) },
      { ...room, name: undefined },
      { ...room, visibility: 'secret' },
      { ...room, memberIds: ['bob'] },
      { ...room, memberIds: Array.from({ length: 6 }, newUlid) },
      { ...room, ownerId: ann.id },
    ];
    for (const body of bad)
      expect(refusalOf(await ann.call('POST', '/rooms', body))).toEqual([422, 'VALIDATION_FAILED']);
    expect(await listAll(ann, '/rooms?', 10)).toEqual([]);
  });

  it('makes nothing when one of the members does not exist', async () => {
    const [ann, bob] = await world.users(2);
    const body = { name: 'Garden', visibility: 'public', memberIds: [bob.id, newUlid()] };
    expect(refusalOf(await ann.call('POST', '/rooms', body))).toEqual([404, 'NOT_FOUND']);
    expect(await listAll(ann, '/rooms?', 10)).toEqual([]);
    expect(await listAll(bob, '/rooms?', 10)).toEqual([]);
  });

  it('makes one room for a key however often it is asked, also at once', async () => {
    const [ann, bob] = await world.users(2);
    const ask = (name: string, actor = ann) =>
      actor.call('POST', '/rooms', { name, visibility: 'private' }, { 'idempotency-key': 'garden-1' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('Garden')));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await ask('Garden')).body).toEqual(answers[0].body);
    expect(refusalOf(await ask('Another'))).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect((await ask('Garden', bob)).status).toBe(201);
    expect(await listAll(ann, '/rooms?', 10)).toHaveLength(1);
  });
});

describe('POST /rooms/direct', () => {
  it('gives both the same room for ever, without a notice', async () => {
    const [ann, bob] = await world.users(2);
    const first = await ann.call<MemberRoomView>('POST', '/rooms/direct', { userId: bob.id });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      kind: 'direct',
      visibility: 'private',
      name: null,
      ownerId: null,
      memberCount: 2,
      role: 'member',
      headRev: 0,
      lastMessage: null,
      peer: { id: bob.id },
    });
    const again = await bob.call<MemberRoomView>('POST', '/rooms/direct', { userId: ann.id });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ id: first.body.id, peer: { id: ann.id } });
    expect(await historyOf(bob, first.body.id)).toEqual([]);
  });

  it('makes one room when both ask at once', async () => {
    for (let round = 0; round < 5; round++) {
      const [ann, bob] = await world.users(2);
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          i % 2
            ? ann.call('POST', '/rooms/direct', { userId: bob.id })
            : bob.call('POST', '/rooms/direct', { userId: ann.id }),
        ),
      );
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
        200, 200, 200, 200, 200, 200, 200, 201,
      ]);
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      expect(await listAll(ann, '/rooms?', 10)).toMatchObject([{ memberCount: 2 }]);
    }
  });

  it('makes a room of notes with oneself', async () => {
    const ann = await world.user();
    const { status, body } = await ann.call<MemberRoomView>('POST', '/rooms/direct', { userId: ann.id });
    expect(status).toBe(201);
    expect(body).toMatchObject({ memberCount: 1, peer: { id: ann.id } });
    expect((await ann.call('POST', '/rooms/direct', { userId: ann.id })).body.id).toBe(body.id);
    await ann.say(body.id, 'remember the milk');
  });

  it('does not know who does not exist', async () => {
    const ann = await world.user();
    expect(refusalOf(await ann.call('POST', '/rooms/direct', { userId: newUlid() }))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await ann.call('POST', '/rooms/direct', { userId: 'bob' }))).toEqual([422, 'VALIDATION_FAILED']);
  });

  it('cannot be managed, joined, left or seen by others', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    const acts: [string, string, unknown?][] = [
      ['PATCH', `/rooms/${id}`, { name: 'Ours' }],
      ['POST', `/rooms/${id}/archive`],
      ['POST', `/rooms/${id}/unarchive`],
      ['POST', `/rooms/${id}/join`],
      ['POST', `/rooms/${id}/leave`],
      ['POST', `/rooms/${id}/owner`, { userId: bob.id }],
      ['PUT', `/rooms/${id}/members/${cid.id}`, {}],
      ['PUT', `/rooms/${id}/members/${bob.id}`, { role: 'admin' }],
      ['DELETE', `/rooms/${id}/members/${bob.id}`],
      ['GET', `/rooms/${id}/bans`],
      ['PUT', `/rooms/${id}/bans/${bob.id}`, {}],
      ['DELETE', `/rooms/${id}/bans/${bob.id}`],
    ];
    for (const [method, path, body] of acts) {
      expect([path, ...refusalOf(await ann.call(method, path, body))]).toEqual([path, 403, 'FORBIDDEN']);
      expect([path, ...refusalOf(await cid.call(method, path, body))]).toEqual([path, 404, 'NOT_FOUND']);
    }
    expect(refusalOf(await cid.call('GET', `/rooms/${id}`))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await cid.call('GET', `/rooms/${id}/members`))).toEqual([404, 'NOT_FOUND']);
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ memberCount: 2, headRev: 0 });
  });
});

describe('GET /rooms', () => {
  it("lists the caller's rooms and no others, with counters and the newest message, in pages", async () => {
    const [ann, bob] = await world.users(2);
    const groups: string[] = [];
    for (let i = 0; i < 5; i++) groups.push((await world.room([ann, bob], { name: `Room ${i}` })).id);
    await world.room([bob], { visibility: 'public' });
    const direct = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body.id;
    await bob.say(groups[1], 'one');
    await bob.say(groups[1], 'two');
    const rooms = await listAll<MemberRoomView>(ann, '/rooms?', 2);
    expect(rooms.map(({ id }) => id)).toEqual([...groups, direct]);
    expect(rooms[1]).toMatchObject({ headSeq: 2, readSeq: 0, unread: 2, lastMessage: { text: 'two', seq: 2 } });
    expect(rooms[0]).toMatchObject({ unread: 0, lastMessage: { payload: { type: 'member.joined' } } });
    expect(rooms[5]).toMatchObject({ lastMessage: null, peer: { id: bob.id } });
    const [, own] = await listAll<MemberRoomView>(bob, '/rooms?', 100);
    expect(own).toMatchObject({ id: groups[1], readSeq: 2, unread: 0 });
  });

  it('refuses limits and cursors that are none', async () => {
    const ann = await world.user();
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=W10', 'offset=3']) {
      expect(refusalOf(await ann.call('GET', `/rooms?${query}`))).toEqual([422, 'VALIDATION_FAILED']);
      expect(refusalOf(await ann.call('GET', `/rooms/public?${query}`))).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect((await world.call('GET', '/rooms')).status).toBe(401);
  });
});

describe('GET /rooms/public', () => {
  it('finds public rooms by how their names begin, without regard to case, in order', async () => {
    const [ann, bob] = await world.users(2);
    const tag = newUlid();
    for (const name of ['zebra', 'Apple', 'ａpricot', 'apple', '苹果']) {
      await world.room([ann], { visibility: 'public', name: `${tag} ${name}` });
    }
    await world.room([ann], { visibility: 'private', name: `${tag} apple private` });
    const archived = await world.room([ann], { visibility: 'public', name: `${tag} apple archived` });
    await ann.call('POST', `/rooms/${archived.id}/archive`);
    const find = async (query: string, limit: number) => {
      const path = `/rooms/public?query=${encodeURIComponent(query)}&`;
      return (await listAll<RoomView>(bob, path, limit)).map(({ name }) => name?.slice(tag.length + 1));
    };
    expect(await find(tag.toLowerCase(), 2)).toEqual(['Apple', 'apple', 'ａpricot', 'zebra', '苹果']);
    expect(await find(`${tag} AP`, 1)).toEqual(['Apple', 'apple', 'ａpricot']);
    expect(await find(`${tag} 苹`, 10)).toEqual(['苹果']);
    expect(await find(`${tag} none`, 10)).toEqual([]);
    expect(await find(`${tag} %`, 10)).toEqual([]);
    expect((await bob.call<Page<RoomView>>('GET', '/rooms/public')).body.items[0]).not.toHaveProperty('unread');
  });
});

describe('GET /rooms/:id', () => {
  it('shows a public room to everybody and its counters to members alone', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann], { visibility: 'public' });
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ id, role: 'owner', unread: 0 });
    const { status, body } = await bob.call('GET', `/rooms/${id}`);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual([
      'archivedAt',
      'avatarUrl',
      'createdAt',
      'id',
      'kind',
      'memberCount',
      'name',
      'ownerId',
      'settings',
      'topic',
      'visibility',
    ]);
  });

  it('answers alike for a private room and for none', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    const hidden = await bob.call('GET', `/rooms/${id}`);
    const none = await bob.call('GET', `/rooms/${newUlid()}`);
    expect(refusalOf(hidden)).toEqual([404, 'NOT_FOUND']);
    expect({ ...hidden.body, traceId: '' }).toEqual({ ...none.body, traceId: '' });
    expect(refusalOf(await bob.call('GET', '/rooms/garden'))).toEqual([422, 'VALIDATION_FAILED']);
  });
});

describe('PATCH /rooms/:id', () => {
  it('changes what differs, with one notice that names it', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { name: 'Garden' });
    const { status, body } = await ann.call('PATCH', `/rooms/${id}`, {
      name: 'Park',
      topic: 'Trees',
      visibility: 'private',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Park', topic: 'Trees', visibility: 'private', headRev: 3, role: 'owner' });
    const notice = (await historyOf(bob, id)).at(-1);
    expect(notice).toMatchObject({ rev: 3, seq: null, senderId: ann.id });
    expect(notice?.payload).toEqual({ type: 'room.updated', byId: ann.id, name: 'Park', topic: 'Trees' });
    const cleared = await ann.call('PATCH', `/rooms/${id}`, { topic: null });
    expect(cleared.body).toMatchObject({ name: 'Park', topic: null, headRev: 4 });
  });

  it('writes no notice where nothing differs', async () => {
    const ann = await world.user();
    const { id } = await world.room([ann], { name: 'Garden' });
    for (const body of [{}, { name: 'Garden' }, { name: ' Garden ', topic: null, visibility: 'private' }]) {
      expect((await ann.call('PATCH', `/rooms/${id}`, body)).body).toMatchObject({ headRev: 1 });
    }
  });

  it('makes a room public, and found by its new name', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    const name = `Open ${newUlid()}`;
    await ann.call('PATCH', `/rooms/${id}`, { visibility: 'public', name });
    const found = await bob.call<Page<RoomView>>(
      'GET',
      `/rooms/public?query=${encodeURIComponent(name.toUpperCase())}`,
    );
    expect(found.body.items.map((room) => room.id)).toEqual([id]);
    expect((await bob.call('POST', `/rooms/${id}/join`)).status).toBe(200);
  });

  it('is for admins', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob]);
    const open = await world.room([ann], { visibility: 'public' });
    const patch = { name: 'Mine' };
    expect(refusalOf(await bob.call('PATCH', `/rooms/${id}`, patch))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await cid.call('PATCH', `/rooms/${id}`, patch))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await cid.call('PATCH', `/rooms/${open.id}`, patch))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await ann.call('PATCH', `/rooms/${id}`, { name: null }))).toEqual([422, 'VALIDATION_FAILED']);
    expect(refusalOf(await ann.call('PATCH', `/rooms/${id}`, { settings: { slow: 1 } }))).toEqual([
      422,
      'VALIDATION_FAILED',
    ]);
    await ann.call('PUT', `/rooms/${id}/members/${bob.id}`, { role: 'admin' });
    expect((await bob.call('PATCH', `/rooms/${id}`, patch)).status).toBe(200);
  });
});

describe('POST /rooms/:id/archive', () => {
  it('ends everything but reading and leaving, until it is opened again', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    await ann.say(id);
    expect((await ann.call('POST', `/rooms/${id}/archive`)).status).toBe(204);
    expect((await ann.call('POST', `/rooms/${id}/archive`)).status).toBe(204);
    const notice = (await historyOf(bob, id)).at(-1);
    expect(notice).toMatchObject({ rev: 4, payload: { type: 'room.updated', archivedAt: expect.any(String) } });
    const acts: [Actor, string, string, unknown?][] = [
      [ann, 'POST', `/rooms/${id}/messages`, { id: newUlid(), text: 'late' }],
      [ann, 'PATCH', `/rooms/${id}`, { name: 'Late' }],
      [ann, 'POST', `/rooms/${id}/owner`, { userId: bob.id }],
      [ann, 'PUT', `/rooms/${id}/members/${cid.id}`, {}],
      [ann, 'PUT', `/rooms/${id}/members/${bob.id}`, { role: 'admin' }],
      [ann, 'DELETE', `/rooms/${id}/members/${bob.id}`],
      [ann, 'PUT', `/rooms/${id}/bans/${bob.id}`, {}],
      [ann, 'DELETE', `/rooms/${id}/bans/${bob.id}`],
      [cid, 'POST', `/rooms/${id}/join`],
    ];
    for (const [actor, method, path, body] of acts) {
      expect([path, ...refusalOf(await actor.call(method, path, body))]).toEqual([path, 409, 'ROOM_ARCHIVED']);
    }
    expect((await cid.call('GET', `/rooms/${id}`)).body.archivedAt).toEqual(expect.any(String));
    expect((await bob.call('POST', `/rooms/${id}/leave`)).status).toBe(204);
    expect((await ann.call('POST', `/rooms/${id}/unarchive`)).status).toBe(204);
    expect((await ann.call('POST', `/rooms/${id}/unarchive`)).status).toBe(204);
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ archivedAt: null, headRev: 6 });
    expect((await cid.call('POST', `/rooms/${id}/join`)).status).toBe(200);
  });

  it('is for the owner', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob]);
    await ann.call('PUT', `/rooms/${id}/members/${bob.id}`, { role: 'admin' });
    for (const act of ['archive', 'unarchive']) {
      expect(refusalOf(await bob.call('POST', `/rooms/${id}/${act}`))).toEqual([403, 'FORBIDDEN']);
      expect(refusalOf(await cid.call('POST', `/rooms/${id}/${act}`))).toEqual([404, 'NOT_FOUND']);
    }
  });
});
