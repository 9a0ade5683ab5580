import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { MemberRoomView, MemberView, MessageView, Page } from '../../src/protocol/views.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterEach(() => vi.restoreAllMocks());

afterAll(() => world?.stop());

const DEFAULTS = { slowModeSeconds: 0, readOnly: false, history: 'start' };

const refusalOf = ({ status, body }: Answer) => [status, body?.code];

const set = (by: Actor, roomId: string, settings: object) =>
  by.call<MemberRoomView>('PATCH', `/rooms/${roomId}`, { settings });

const send = (by: Actor, roomId: string, id = newUlid()) =>
  by.call('POST', `/rooms/${roomId}/messages`, { id, text: 'hello' });

const newestOf = async (actor: Actor, roomId: string): Promise<unknown> =>
  (await actor.call<Page<MessageView>>('GET', `/rooms/${roomId}/messages?limit=1`)).body.items.at(-1)?.payload;

const mute = (by: Actor, roomId: string, user: Actor, mutedUntil: string | null) =>
  by.call<MemberView>('PUT', `/rooms/${roomId}/members/${user.id}`, { mutedUntil });

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** From now on the server's clock is that much ahead. */
function advance(ms: number): void {
  vi.spyOn(world.app.get(Clock), 'now').mockImplementation(() => Date.now() + ms);
}

async function makeAdmin(owner: Actor, roomId: string, user: Actor): Promise<void> {
  expect((await owner.call('PUT', `/rooms/${roomId}/members/${user.id}`, { role: 'admin' })).status).toBe(200);
}

describe('settings of a room', () => {
  it('are the default until somebody changes one, which is told once with all of them', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id, settings } = await world.room([ann, bob]);
    expect(settings).toEqual(DEFAULTS);
    const [hears, stranger] = [await bob.connect(), await cid.connect()];
    const { status, body } = await set(ann, id, { slowModeSeconds: 30 });
    expect([status, body.settings]).toEqual([200, { ...DEFAULTS, slowModeSeconds: 30 }]);
    const { data } = await hears.next('room.updated');
    expect(data).toMatchObject({ id, settings: { ...DEFAULTS, slowModeSeconds: 30 } });
    expect(data.notice.payload).toEqual({ type: 'room.updated', byId: ann.id, settings: body.settings });
    await set(ann, id, { readOnly: true });
    const again = await set(ann, id, { slowModeSeconds: 30, readOnly: true });
    expect(again.body).toMatchObject({ headRev: 4, settings: { ...DEFAULTS, slowModeSeconds: 30, readOnly: true } });
    await stranger.call('ping');
    expect(stranger.durable(id)).toEqual([]);
    expect((await set(ann, id, { slowModeSeconds: 0, readOnly: false })).body.settings).toEqual(DEFAULTS);
  });

  it('are for admins, within their limits, and not for direct rooms', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    expect(refusalOf(await set(bob, id, { readOnly: true }))).toEqual([403, 'FORBIDDEN']);
    const bad = [
      { slowModeSeconds: 86_401 },
      { slowModeSeconds: -1 },
      { readOnly: 1 },
      { history: 'end' },
      { slow: 1 },
    ];
    for (const settings of bad) expect(refusalOf(await set(ann, id, settings))).toEqual([422, 'VALIDATION_FAILED']);
    expect((await set(ann, id, { slowModeSeconds: 86_400 })).status).toBe(200);
    const direct = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body.id;
    expect(refusalOf(await set(ann, direct, { readOnly: true }))).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a read-only room', () => {
  it('lets admins and the owner write alone, from the answer on', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob, cid]);
    await makeAdmin(ann, id, bob);
    await cid.say(id);
    await set(bob, id, { readOnly: true });
    expect(refusalOf(await send(cid, id))).toEqual([403, 'ROOM_READ_ONLY']);
    await ann.say(id);
    await bob.say(id);
    await set(bob, id, { readOnly: false });
    await cid.say(id);
  });

  it('stores nothing of a member that was sent behind the answer, under load', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const socket = await bob.connect();
    const talk = async () => {
      const answers: any[] = [];
      for (let i = 0; i < 40; i++) answers.push(socket.call('message.send', { roomId: id, id: newUlid(), text: 'x' }));
      return Promise.all(answers);
    };
    for (let round = 0; round < 10; round++) {
      const talking = talk();
      const { body } = await set(ann, id, { readOnly: true });
      const late = await socket.call('message.send', { roomId: id, id: newUlid(), text: 'late' });
      expect(late.data.code).toBe('ROOM_READ_ONLY');
      for (const { event, data } of await talking) {
        if (event === 'ack') expect(data.rev).toBeLessThan(body.headRev);
        else expect(data.code).toBe('ROOM_READ_ONLY');
      }
      await set(ann, id, { readOnly: false });
    }
  });
});

describe('slow mode', () => {
  it('makes a member wait between two messages, and nobody else', async () => {
    const [ann, bob, cid, dan] = await world.users(4);
    const { id } = await world.room([ann, bob, cid, dan]);
    await makeAdmin(ann, id, dan);
    await bob.say(id, 'before it was switched on');
    await set(ann, id, { slowModeSeconds: 60 });
    await bob.say(id);
    const refused = await send(bob, id);
    expect(refusalOf(refused)).toEqual([429, 'SLOW_MODE']);
    expect(refused.body.retryAfterMs).toBeGreaterThan(55_000);
    expect(refused.body.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(refused.headers.get('retry-after')).toMatch(/^(5[5-9]|60)$/);
    await cid.say(id);
    for (const free of [ann, dan]) for (let i = 0; i < 2; i++) await free.say(id);
    advance(60_001);
    await bob.say(id);
    expect(refusalOf(await send(bob, id))).toEqual([429, 'SLOW_MODE']);
  });

  it('lets exactly one of many pass that come at once over several sockets', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    await set(ann, id, { slowModeSeconds: 60 });
    const sockets = [await bob.connect(), await bob.connect()];
    const sends = Array.from({ length: 20 }, (_, i) =>
      sockets[i % 2].call('message.send', { roomId: id, id: newUlid(), text: 'me' }),
    );
    const answers = await Promise.all(sends);
    expect(answers.filter(({ event }) => event === 'ack')).toHaveLength(1);
    expect(new Set(answers.filter(({ event }) => event === 'error').map(({ data }) => data.code))).toEqual(
      new Set(['SLOW_MODE']),
    );
  });

  it('answers a repeat with what is stored', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    await set(ann, id, { slowModeSeconds: 60 });
    const message = newUlid();
    expect((await send(bob, id, message)).status).toBe(201);
    expect((await send(bob, id, message)).status).toBe(200);
  });

  it('is not shortened by leaving, nor by a restart, and ends when it is switched off', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    await set(ann, id, { slowModeSeconds: 60 });
    await bob.say(id);
    await bob.call('POST', `/rooms/${id}/leave`);
    await bob.call('POST', `/rooms/${id}/join`);
    expect(refusalOf(await send(bob, id))).toEqual([429, 'SLOW_MODE']);
    await world.restart();
    expect(refusalOf(await send(bob, id))).toEqual([429, 'SLOW_MODE']);
    await set(ann, id, { slowModeSeconds: 0 });
    await bob.say(id);
    expect(await world.app.rows('SELECT * FROM room_sends WHERE roomId = ?', [id])).toEqual([]);
    await set(ann, id, { slowModeSeconds: 60 });
    await bob.say(id);
  });
});

describe('a mute', () => {
  it('keeps a member from writing until its end, and is shown to the room', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob, cid]);
    const hears = await cid.connect();
    const until = inMs(60_000);
    const { status, body } = await mute(ann, id, bob, until);
    expect([status, body.mutedUntil, body.role]).toEqual([200, until, 'member']);
    const payload = { type: 'member.updated', userId: bob.id, byId: ann.id, role: 'member', mutedUntil: until };
    expect((await hears.next('member.updated')).data.notice.payload).toMatchObject(payload);
    const refused = await send(bob, id);
    expect(refusalOf(refused)).toEqual([403, 'MUTED']);
    expect(refused.body.until).toBe(until);
    await cid.say(id);
    advance(60_001);
    await bob.say(id);
    const { items } = (await ann.call<Page<MemberView>>('GET', `/rooms/${id}/members`)).body;
    expect(items.map((member) => member.mutedUntil)).toEqual([null, null, null]);
  });

  it('is lifted by null, and written once', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const until = inMs(60_000);
    for (let i = 0; i < 2; i++) await mute(ann, id, bob, until);
    for (let i = 0; i < 2; i++) expect((await mute(ann, id, bob, null)).body.mutedUntil).toBeNull();
    expect((await ann.call('GET', `/rooms/${id}`)).body.headRev).toBe(4);
    expect(await newestOf(ann, id)).toMatchObject({ type: 'member.updated', mutedUntil: null });
    await bob.say(id);
  });

  it('is not lifted by leaving and coming back', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    const until = inMs(60_000);
    await mute(ann, id, bob, until);
    const comeBack = async () => {
      await bob.call('POST', `/rooms/${id}/leave`);
      await bob.call('POST', `/rooms/${id}/join`);
    };
    for (let i = 0; i < 2; i++) {
      await comeBack();
      const refused = await send(bob, id);
      expect([...refusalOf(refused), refused.body.until]).toEqual([403, 'MUTED', until]);
    }
    expect(await world.app.rows('SELECT * FROM room_mutes WHERE roomId = ?', [id])).toEqual([]);
    await mute(ann, id, bob, null);
    await comeBack();
    await bob.say(id);
    await mute(ann, id, bob, until);
    await bob.call('POST', `/rooms/${id}/leave`);
    advance(60_001);
    await bob.call('POST', `/rooms/${id}/join`);
    await bob.say(id);
  });

  it('comes with a role in one notice', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const until = inMs(60_000);
    await ann.call('PUT', `/rooms/${id}/members/${bob.id}`, { role: 'admin', mutedUntil: until });
    expect(await newestOf(ann, id)).toMatchObject({ role: 'admin', mutedUntil: until });
    expect((await ann.call('GET', `/rooms/${id}`)).body.headRev).toBe(3);
    expect(refusalOf(await send(bob, id))).toEqual([403, 'MUTED']);
  });

  it('is for those above, of members alone, with an end to come', async () => {
    const [ann, bob, cid, dan] = await world.users(4);
    const { id } = await world.room([ann, bob, cid]);
    await makeAdmin(ann, id, bob);
    const until = inMs(60_000);
    expect(refusalOf(await mute(cid, id, bob, until))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await mute(bob, id, ann, until))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await mute(bob, id, bob, null))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await mute(bob, id, dan, until))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await mute(dan, id, cid, until))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await mute(bob, id, cid, inMs(-1000)))).toEqual([422, 'VALIDATION_FAILED']);
    expect((await mute(bob, id, cid, until)).status).toBe(200);
    await ann.call('POST', `/rooms/${id}/archive`);
    expect(refusalOf(await mute(bob, id, cid, null))).toEqual([409, 'ROOM_ARCHIVED']);
  });
});

describe('a ban', () => {
  it('says until when to who would come in, and ends by itself', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    const until = inMs(60_000);
    await ann.call('PUT', `/rooms/${id}/bans/${bob.id}`, { until, reason: 'noise' });
    const refused = await bob.call('POST', `/rooms/${id}/join`);
    expect(refusalOf(refused)).toEqual([403, 'BANNED']);
    expect(refused.body.until).toBe(until);
    advance(60_001);
    expect((await ann.call('GET', `/rooms/${id}/bans`)).body.items).toEqual([]);
    expect((await bob.call('POST', `/rooms/${id}/join`)).status).toBe(200);
  });
});
