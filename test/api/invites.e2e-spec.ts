import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { InviteView } from '../../src/protocol/room-views.js';
import type { MemberRoomView, Page } from '../../src/protocol/views.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterEach(() => vi.restoreAllMocks());

afterAll(() => world?.stop());

const refusalOf = ({ status, body }: Answer) => [status, body?.code];

async function invite(by: Actor, roomId: string, draft: object = {}): Promise<InviteView> {
  const { status, body } = await by.call<InviteView>('POST', `/rooms/${roomId}/invites`, draft);
  expect(status).toBe(201);
  return body;
}

const accept = (by: Actor, code: string) => by.call<MemberRoomView>('POST', `/invites/${code}/accept`);
const preview = (by: Actor, code: string) => by.call('GET', `/invites/${code}`);
const listOf = async (by: Actor, roomId: string) =>
  (await by.call<Page<InviteView>>('GET', `/rooms/${roomId}/invites`)).body.items;

function advance(ms: number, inWorld = world): void {
  vi.spyOn(inWorld.app.get(Clock), 'now').mockImplementation(() => Date.now() + ms);
}

describe('an invite', () => {
  it('shows who has it what he would join and no more, and lets him in', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, cid], { name: 'Garden' });
    await ann.call('PATCH', `/rooms/${id}`, { topic: 'Trees' });
    const { code, ...rest } = await invite(ann, id);
    expect(rest).toEqual({ roomId: id, maxUses: null, uses: 0, expiresAt: null });
    const seen = await preview(bob, code);
    expect([seen.status, seen.body]).toEqual([
      200,
      { name: 'Garden', avatarUrl: `/api/v1/rooms/${id}/avatar?v=made-up`, topic: 'Trees', memberCount: 2 },
    ]);
    expect((await bob.call('GET', `/rooms/${id}`)).status).toBe(404);
    const [own, others, stranger] = [await bob.connect(), await cid.connect(), await (await world.user()).connect()];
    const { status, body } = await accept(bob, code);
    expect([status, body.role, body.memberCount]).toEqual([200, 'member', 3]);
    expect((await own.next('room.added')).data).toMatchObject({ id, role: 'member' });
    const joined = { userId: bob.id, byId: bob.id, role: 'member' };
    expect((await others.next('member.joined')).data).toMatchObject(joined);
    await stranger.call('ping');
    expect([...stranger.durable(id), ...stranger.of('room.added')]).toEqual([]);
    expect(others.of('room.added')).toEqual([]);
    expect((await listOf(ann, id))[0].uses).toBe(1);
    await bob.say(id);
  });

  it('costs a member no use, and answers him with the room also when it is over', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    const { code } = await invite(ann, id, { maxUses: 1 });
    for (const actor of [ann, bob, bob, ann]) expect((await accept(actor, code)).status).toBe(200);
    expect(await listOf(ann, id)).toEqual([]);
    const [{ uses }] = await world.app.rows<{ uses: number }>('SELECT uses FROM room_invites WHERE code = ?', [code]);
    expect(Number(uses)).toBe(1);
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ memberCount: 2, headRev: 2 });
    expect((await preview(bob, code)).status).toBe(200);
  });

  it('gives its last use to exactly one of twenty', async () => {
    const [ann, ...others] = await world.users(21);
    const { id } = await world.room([ann]);
    const { code } = await invite(ann, id, { maxUses: 1 });
    const answers = await Promise.all(others.map((other) => accept(other, code)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, ...Array<number>(19).fill(410)]);
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ memberCount: 2 });
  });

  it('counts every use where many come at once', async () => {
    const [ann, ...others] = await world.users(13);
    const { id } = await world.room([ann]);
    const { code } = await invite(ann, id, { maxUses: 8 });
    const answers = await Promise.all(others.map((other) => accept(other, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => (body as any).code))).toEqual(
      new Set(['GONE']),
    );
    expect((await ann.call('GET', `/rooms/${id}`)).body).toMatchObject({ memberCount: 9 });
  });

  it('is gone when its time is over', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    const { code, expiresAt } = await invite(ann, id, { expiresInSeconds: 60 });
    expect(Date.parse(expiresAt ?? '') - Date.now()).toBeGreaterThan(50_000);
    advance(60_001);
    for (const ask of [preview, accept]) expect(refusalOf(await ask(bob, code))).toEqual([410, 'GONE']);
    expect(await listOf(ann, id)).toEqual([]);
  });

  it('is gone when it is revoked, alone or with all others', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    const [first, second, third] = [await invite(ann, id), await invite(ann, id), await invite(ann, id)];
    expect((await ann.call('DELETE', `/rooms/${id}/invites/${second.code}`)).status).toBe(204);
    expect((await ann.call('DELETE', `/rooms/${id}/invites/${second.code}`)).status).toBe(204);
    expect((await listOf(ann, id)).map(({ code }) => code)).toEqual([first.code, third.code]);
    expect(refusalOf(await accept(bob, second.code))).toEqual([410, 'GONE']);
    expect((await ann.call('DELETE', `/rooms/${id}/invites`)).status).toBe(204);
    expect(await listOf(ann, id)).toEqual([]);
    for (const { code } of [first, third]) expect(refusalOf(await accept(bob, code))).toEqual([410, 'GONE']);
    expect((await bob.call('GET', `/rooms/${id}`)).status).toBe(404);
  });

  it('does not let in who is banned, until the ban ends, nor anybody into an archived room', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann]);
    const { code } = await invite(ann, id, { maxUses: 2 });
    const until = new Date(Date.now() + 60_000).toISOString();
    await ann.call('PUT', `/rooms/${id}/bans/${bob.id}`, { until });
    for (const ask of [preview, accept]) {
      const refused = await ask(bob, code);
      expect([...refusalOf(refused), refused.body.until]).toEqual([403, 'BANNED', until]);
    }
    expect((await listOf(ann, id))[0].uses).toBe(0);
    advance(60_001);
    expect((await accept(bob, code)).status).toBe(200);
    await ann.call('POST', `/rooms/${id}/archive`);
    for (const ask of [preview, accept]) expect(refusalOf(await ask(cid, code))).toEqual([409, 'ROOM_ARCHIVED']);
  });

  it('opens what the room shows to those who join', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    await ann.call('PATCH', `/rooms/${id}`, { settings: { history: 'joining' } });
    await ann.say(id, 'secret');
    const { code } = await invite(ann, id);
    await accept(bob, code);
    const { items } = (await bob.call('GET', `/rooms/${id}/messages`)).body;
    expect(items.map(({ payload }: any) => payload?.type)).toEqual(['member.joined']);
  });
});

describe('invites', () => {
  it('are admins’ business', async () => {
    const [ann, bob, cid, dan] = await world.users(4);
    const { id } = await world.room([ann, bob, cid], { visibility: 'public' });
    const hidden = await world.room([ann]);
    const { code } = await invite(ann, id);
    const asks: [string, string, object?][] = [
      ['POST', '/invites', {}],
      ['GET', '/invites'],
      ['DELETE', `/invites/${code}`],
      ['DELETE', '/invites'],
    ];
    for (const [method, path, body] of asks) {
      expect(refusalOf(await bob.call(method, `/rooms/${id}${path}`, body))).toEqual([403, 'FORBIDDEN']);
      expect(refusalOf(await dan.call(method, `/rooms/${id}${path}`, body))).toEqual([403, 'FORBIDDEN']);
      expect(refusalOf(await dan.call(method, `/rooms/${hidden.id}${path}`, body))).toEqual([404, 'NOT_FOUND']);
    }
    await ann.call('PUT', `/rooms/${id}/members/${cid.id}`, { role: 'admin' });
    await invite(cid, id);
    const direct = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body.id;
    expect(refusalOf(await ann.call('POST', `/rooms/${direct}/invites`, {}))).toEqual([403, 'FORBIDDEN']);
  });

  it('of another room are not found', async () => {
    const [ann, bob] = await world.users(2);
    const [one, other] = [await world.room([ann]), await world.room([bob])];
    const { code } = await invite(ann, one.id);
    expect(refusalOf(await bob.call('DELETE', `/rooms/${other.id}/invites/${code}`))).toEqual([404, 'NOT_FOUND']);
    expect((await listOf(ann, one.id))[0].code).toBe(code);
    for (const ask of [preview, accept]) expect(refusalOf(await ask(bob, newUlid()))).toEqual([404, 'NOT_FOUND']);
  });

  it('are listed in pages, in the order of their making', async () => {
    const ann = await world.user();
    const { id } = await world.room([ann]);
    const codes: string[] = [];
    for (let i = 0; i < 5; i++) codes.push((await invite(ann, id)).code);
    const first = (await ann.call<Page<InviteView>>('GET', `/rooms/${id}/invites?limit=3`)).body;
    const second = (await ann.call<Page<InviteView>>('GET', `/rooms/${id}/invites?limit=3&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ code }) => code)).toEqual(codes);
    expect(second.next).toBeNull();
  });

  it('are made once for a key, and refused for what they cannot be', async () => {
    const ann = await world.user();
    const { id } = await world.room([ann]);
    const key = { 'idempotency-key': 'one' };
    const asks = Array.from({ length: 4 }, () => ann.call('POST', `/rooms/${id}/invites`, { maxUses: 3 }, key));
    const answers = await Promise.all(asks);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.code)).size).toBe(1);
    expect(refusalOf(await ann.call('POST', `/rooms/${id}/invites`, { maxUses: 4 }, key))).toEqual([
      409,
      'IDEMPOTENCY_CONFLICT',
    ]);
    for (const bad of [{ maxUses: 0 }, { maxUses: 100_001 }, { expiresInSeconds: 0 }, { expiresInSeconds: 1.5 }]) {
      expect(refusalOf(await ann.call('POST', `/rooms/${id}/invites`, bad))).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect(await listOf(ann, id)).toHaveLength(1);
  });
});

describe('limits of invites', () => {
  let strict: World;
  beforeAll(async () => {
    strict = await World.create({ LIMITS: 'on', LIMIT_ROOM_INVITES: '2', LIMIT_INVITE_GUESSES_PER_MINUTE: '3' });
  });
  afterAll(() => strict?.stop());

  it('are in force at most as many as the limit says', async () => {
    const ann = await strict.user();
    const { id } = await strict.room([ann]);
    const made = [await invite(ann, id), await invite(ann, id, { expiresInSeconds: 60 })];
    expect(refusalOf(await ann.call('POST', `/rooms/${id}/invites`, {}))).toEqual([507, 'QUOTA_EXCEEDED']);
    await ann.call('DELETE', `/rooms/${id}/invites/${made[0].code}`);
    await invite(ann, id);
    expect(refusalOf(await ann.call('POST', `/rooms/${id}/invites`, {}))).toEqual([507, 'QUOTA_EXCEEDED']);
    advance(60_001, strict);
    await invite(ann, id);
  });

  it('slow down who guesses, also with the right code', async () => {
    const [ann, bob, cid] = await strict.users(3);
    const { id } = await strict.room([ann]);
    const { code } = await invite(ann, id);
    for (let i = 0; i < 3; i++) expect(refusalOf(await preview(bob, newUlid()))).toEqual([404, 'NOT_FOUND']);
    for (const guess of [newUlid(), code]) {
      expect(refusalOf(await accept(bob, guess))).toEqual([429, 'RATE_LIMITED']);
      expect(refusalOf(await preview(bob, guess))).toEqual([429, 'RATE_LIMITED']);
    }
    expect((await accept(cid, code)).status).toBe(200);
    advance(20_001, strict);
    expect((await accept(bob, code)).status).toBe(200);
  });
});
