import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageView } from '../../src/protocol/views.js';
import { type Actor, World, newUlid } from '../support/world.js';

describe('messages over REST', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('stores a message and answers with it', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const id = newUlid();
    const { status, body } = await ann.call('POST', `/rooms/${room.id}/messages`, { id, text: 'héllo 你好 🙂' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id, roomId: room.id, seq: 1, rev: 2, lastRev: 2, kind: 'text', senderId: ann.id });
    expect(body).toMatchObject({
      text: 'héllo 你好 🙂',
      replyTo: null,
      editedAt: null,
      deletedAt: null,
      pinned: false,
    });
    expect((await ann.call('GET', `/messages/${id}`)).body).toEqual(body);
    const again = await ann.call('POST', `/rooms/${room.id}/messages`, { id, text: 'héllo 你好 🙂' });
    expect(again).toMatchObject({ status: 200, body });
  });

  it.each([
    ['no text', {}],
    ['blank text', { text: ' \n ' }],
    ['a text that is too long', { text: 'x'.repeat(16_001) }],
    ['a number for a text', { text: 5 }],
    ['an id that is no ULID', { id: 'x', text: 'x' }],
    ['null for an id', { id: null, text: 'x' }],
    ['an unknown field', { text: 'x', colour: 'red' }],
    ['a lone surrogate', { text: '\ud800' }],
  ])('refuses %s and stores nothing', async (_, body) => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const answer = await ann.call('POST', `/rooms/${room.id}/messages`, body);
    expect([400, 422]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toContain('colour');
    expect((await ann.call('GET', `/rooms/${room.id}`)).body.headSeq).toBe(0);
  });

  it('takes 16,000 characters of four bytes', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const text = '𝒳'.repeat(16_000);
    expect((await ann.say(room.id, text)).text).toBe(text);
    const [{ text: stored }] = (await ann.call('GET', `/rooms/${room.id}/messages?limit=1`)).body.items;
    expect(stored).toBe(text);
  });

  it('takes the key from the header, and refuses two that differ', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const [one, two] = [newUlid(), newUlid()];
    const post = (body: object, key: string) =>
      ann.call('POST', `/rooms/${room.id}/messages`, body, { 'idempotency-key': key });
    expect((await post({ text: 'x' }, one)).body.id).toBe(one);
    expect((await post({ id: one, text: 'x' }, one)).status).toBe(200);
    expect((await post({ id: two, text: 'x' }, one)).status).toBe(422);
    expect((await post({ text: 'x' }, 'no ulid')).status).toBe(422);
  });

  it('refuses outsiders: 404 for a private room, 403 for a public one', async () => {
    const [ann, eve] = await world.users(2);
    const [hidden, open] = [await world.room([ann]), await world.room([ann], { visibility: 'public' })];
    const message = await ann.say(hidden.id);
    const paths = (id: string) =>
      [
        ['GET', `/rooms/${id}/messages`],
        ['GET', `/rooms/${id}/changes?since=0`],
        ['POST', `/rooms/${id}/messages`, { text: 'x' }],
        ['POST', `/rooms/${id}/read`, { readSeq: 0 }],
      ] as const;
    for (const [method, path, body] of paths(hidden.id)) expect((await eve.call(method, path, body)).status).toBe(404);
    for (const [method, path, body] of paths(open.id)) expect((await eve.call(method, path, body)).status).toBe(403);
    for (const [method, path, body] of paths(newUlid())) expect((await eve.call(method, path, body)).status).toBe(404);
    expect((await eve.call('GET', `/messages/${message.id}`)).status).toBe(404);
    expect((await world.call('GET', `/rooms/${open.id}/messages`)).status).toBe(401);
  });

  it('refuses an archived room', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    await ann.call('POST', `/rooms/${room.id}/archive`);
    const answer = await ann.call('POST', `/rooms/${room.id}/messages`, { text: 'x' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'ROOM_ARCHIVED' } });
  });
});

describe('history', () => {
  let world: World;
  let ann: Actor;
  let roomId: string;
  let all: MessageView[];
  beforeAll(async () => {
    world = await World.create();
    ann = await world.user();
    roomId = (await world.room([ann])).id;
    for (let i = 0; i < 119; i++) await ann.say(roomId, `message ${i}`);
    all = await read('after=0&limit=100');
  });
  afterAll(() => world.stop());

  const page = async (query: string) => (await ann.call('GET', `/rooms/${roomId}/messages?${query}`)).body;
  const revs = (items: MessageView[]) => items.map((item) => item.rev);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  async function read(query: string): Promise<MessageView[]> {
    const items: MessageView[] = [];
    for (let next: string | null = query; next;) {
      const body = await page(next);
      items.push(...body.items);
      next = body.next && `cursor=${body.next}&limit=100`;
    }
    return items;
  }

  it('reads from end to end, ascending', () => {
    expect(revs(all)).toEqual(range(1, 120));
    expect(all[0]).toMatchObject({ kind: 'notice', seq: null, payload: { type: 'member.joined', userId: ann.id } });
  });

  it('gives the newest page without a place, and leads to older ones', async () => {
    const newest = await page('');
    expect(revs(newest.items)).toEqual(range(71, 120));
    expect(newest.next).toBeNull();
    const older = await page(`cursor=${newest.prev}`);
    expect(revs(older.items)).toEqual(range(21, 70));
    const oldest = await page(`cursor=${older.prev}`);
    expect(revs(oldest.items)).toEqual(range(1, 20));
    expect(oldest.prev).toBeNull();
    expect(revs((await page(`cursor=${oldest.next}`)).items)).toEqual(range(21, 70));
  });

  it.each([
    ['before=11&limit=5', 6, 10],
    ['after=10&limit=5', 11, 15],
    ['around=60&limit=10', 55, 64],
    ['around=2&limit=10', 1, 10],
    ['around=120&limit=10', 115, 120],
    ['before=1', 1, 0],
    ['after=120', 1, 0],
  ])('reads %s', async (query, from, to) => {
    expect(revs((await page(query)).items)).toEqual(range(from, to));
  });

  it('begins at a time', async () => {
    const target = all[40];
    const { items, prev } = await page(`at=${target.createdAt}&limit=3`);
    const first = all.find((message) => message.createdAt >= target.createdAt);
    expect(items[0].rev).toBe(first?.rev);
    expect(prev).not.toBeNull();
    expect((await page('at=2000-01-01T00:00:00.000Z&limit=2')).items[0].rev).toBe(1);
    expect((await page('at=2100-01-01T00:00:00Z')).items).toEqual([]);
  });

  it('says where more lies, also behind an empty page', async () => {
    expect((await page('after=120')).prev).not.toBeNull();
    expect((await page('before=1')).next).not.toBeNull();
    expect((await page('before=50&limit=5')).next).not.toBeNull();
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=1e1',
    'before=-1',
    'before=0x10',
    'before=1&after=2',
    'at=yesterday',
    'cursor=abc',
    'page=2',
  ])('refuses %s', async (query) => {
    expect((await ann.call('GET', `/rooms/${roomId}/messages?${query}`)).status).toBe(422);
  });
});

describe('read marks', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  async function roomWith(messages: number) {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    for (let i = 0; i < messages; i++) await ann.say(room.id);
    return { ann, bob, room };
  }

  it('only rise, and are told to all own devices and to nobody else', async () => {
    const { ann, bob, room } = await roomWith(5);
    const [one, two, other] = [await bob.connect(), await bob.connect(), await ann.connect()];
    const read = (readSeq: number) => one.call('room.read', { roomId: room.id, readSeq });
    expect((await read(3)).data).toEqual({ readSeq: 3, readVersion: 0, unread: 2, mentions: 0 });
    for (const socket of [one, two]) {
      const event = await socket.next('read.updated');
      expect(event.data).toEqual({ roomId: room.id, readSeq: 3, readVersion: 0, unread: 2, mentions: 0 });
      expect(event.userRev).toBeGreaterThan(0);
    }
    expect((await read(1)).data.readSeq).toBe(3);
    expect((await read(99)).data).toMatchObject({ readSeq: 5, unread: 0 });
    await other.call('ping');
    expect(other.of('read.updated')).toEqual([]);
    expect((await bob.call('GET', `/rooms/${room.id}`)).body).toMatchObject({ readSeq: 5, unread: 0 });
  });

  it('can be moved back, and an old mark of another device does not undo that', async () => {
    const { bob, room } = await roomWith(5);
    const read = (body: object) => bob.call('POST', `/rooms/${room.id}/read`, body);
    await read({ readSeq: 5 });
    expect((await read({ readSeq: 2, unread: true })).body).toMatchObject({ readSeq: 2, readVersion: 1, unread: 3 });
    expect((await read({ readSeq: 5, readVersion: 0 })).body).toMatchObject({ readSeq: 2, unread: 3 });
    expect((await read({ readSeq: 4, readVersion: 1 })).body).toMatchObject({ readSeq: 4, unread: 1 });
  });

  it('follow one’s own messages, at once and for good', async () => {
    const { ann, bob, room } = await roomWith(3);
    const other = await bob.connect();
    await bob.say(room.id);
    expect((await bob.call('GET', `/rooms/${room.id}`)).body).toMatchObject({ readSeq: 4, unread: 0 });
    expect((await bob.call('GET', '/sync')).body).toMatchObject({ unread: 0 });
    expect(await other.next('read.updated')).toMatchObject({ data: { roomId: room.id, readSeq: 4, unread: 0 } });
    const rows = await world.app.rows('SELECT readSeq FROM room_members WHERE roomId = ? AND userId = ?', [
      room.id,
      bob.id,
    ]);
    expect(rows).toEqual([{ readSeq: 4 }]);
    expect((await ann.call('GET', `/rooms/${room.id}`)).body).toMatchObject({ unread: 1 });
  });

  it('agree with a recount over all rooms', async () => {
    const { ann, bob, room } = await roomWith(4);
    const second = await world.room([bob, ann]);
    await ann.say(second.id);
    await bob.call('POST', `/rooms/${room.id}/read`, { readSeq: 1 });
    const { body } = await bob.call('GET', '/sync');
    expect(body.rooms.map((item: { id: string; unread: number }) => [item.id, item.unread])).toEqual([
      [room.id, 3],
      [second.id, 1],
    ]);
    expect(body).toMatchObject({ unread: 4, mentions: 0, next: null });
  });
});
