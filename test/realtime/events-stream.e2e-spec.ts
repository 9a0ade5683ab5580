import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { Connections } from '../../src/realtime/connections/connections.js';
import { DrainService } from '../../src/realtime/drain.service.js';
import { RoomFeeds } from '../../src/realtime/feeds/room-feeds.js';
import { UsersService } from '../../src/users/users.service.js';
import { createDatabase, engine } from '../support/engine.js';
import { TestStream } from '../support/event-stream.js';
import type { Frame, FrameLog } from '../support/frame-log.js';
import { Actor, World } from '../support/world.js';

/** What must be the same on every connection of a user. */
const lasting = ({ frames }: FrameLog): Frame[] =>
  frames.filter(({ rev, userRev }) => rev !== undefined || userRev !== undefined);
const textsOf = (log: FrameLog, roomId: string) => log.of('message.created', roomId).map(({ data }) => data.text);
const connectionsOf = (world: World, { id }: Actor) => [...world.app.get(Connections).ofUser(id)];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The id that covers everything up to this rev has come. */
const idBehind = (stream: TestStream, roomId: string, rev: number) =>
  stream.until(() => stream.lastEventId.includes(`.${roomId}${rev.toString(36)}`), `the id of ${rev}`);

describe('GET /events', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({
      ALLOWED_ORIGINS: 'https://friend.example',
      LIMIT_PRESENCE_EVERY_MS: '50',
      LIMIT_PRESENCE_GRACE_MS: '100',
    });
  });
  afterAll(() => world?.stop());

  const open = (options: Partial<Parameters<typeof TestStream.open>[1]>) =>
    TestStream.open(world.app.apiUrl, { token: null, ...options });

  it('begins with where everything stands, and says where the client is', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const { rev } = await bob.say(room.id);
    const [socket, stream] = [await ann.connect(), await ann.stream()];
    expect(stream.frames.map(({ event }) => event)).toEqual(['session.ready', 'session.caughtUp']);
    const [{ data }] = stream.frames;
    const [asked] = socket.of('session.ready');
    expect(data).toEqual({ ...asked.data, connectionId: data.connectionId, expiresAt: data.expiresAt });
    expect(data.connectionId).not.toBe(asked.data.connectionId);
    await idBehind(stream, room.id, rev);
    expect(stream.retryMs).toBeGreaterThanOrEqual(1000);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
      ratelimit: expect.any(String),
    });
    expect(stream.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is read by pages that are allowed', async () => {
    const { token } = await world.user();
    const stream = await open({ token, headers: { origin: 'https://friend.example' } });
    expect(stream.headers['access-control-allow-origin']).toBe('https://friend.example');
    await stream.close();
  });

  it('brings what happens, in UTF-8 and one event each, and nothing to others', async () => {
    const [ann, bob, cid] = await world.users(3);
    const room = await world.room([ann, bob]);
    await world.room([cid, ann]);
    const [stream, outsider] = [await ann.stream(), await cid.stream()];
    const text = 'one\ntwo\r\nthree\rdata: four\n\n語 👩‍👩‍👧 \u2028 é ".';
    const { id } = await bob.say(room.id, text);
    expect((await stream.next('message.created')).data.text).toBe(text);
    await bob.call('PATCH', `/messages/${id}`, { text: '👍' });
    expect((await stream.next('message.edited')).data).toMatchObject({ id, text: '👍' });
    await bob.call('PUT', `/messages/${id}/reactions/${encodeURIComponent('🌴')}`);
    expect((await stream.next('message.reacted')).data).toMatchObject({ id, emoji: '🌴' });
    await ann.call('PATCH', '/users/me', { bio: 'Rosen\nund 語' });
    expect((await stream.next('profile.updated')).data.bio).toBe('Rosen\nund 語');
    await bob.say(room.id, 'x'.repeat(15_000));
    await bob.say(room.id, '語'.repeat(16_000));
    await stream.until(() => textsOf(stream, room.id).at(-1) === '語'.repeat(16_000), 'the long one');
    await cid.call('PATCH', '/users/me', { bio: 'mine' });
    await outsider.next('profile.updated');
    expect(outsider.frames.filter(({ roomId }) => roomId === room.id)).toEqual([]);
    expect(JSON.stringify(outsider.frames)).not.toContain('Rosen');
  });

  it('brings a user the very events that his sockets get', async () => {
    const [ann, bob, cid] = await world.users(3);
    const room = await world.room([ann, bob], { visibility: 'public' });
    const [socket, stream, strange] = [await ann.connect(), await ann.stream(), await cid.stream()];
    const { id } = await bob.say(room.id, 'a');
    await ann.say(room.id, 'b');
    await ann.call('PATCH', `/rooms/${room.id}`, { topic: 'Roses' });
    await bob.call('DELETE', `/messages/${id}`);
    await world.befriend(ann, bob);
    await ann.call('POST', `/rooms/${room.id}/read`, { readSeq: 0, unread: true });
    const other = await world.room([bob, ann]);
    await bob.say(other.id, 'c');
    await bob.call('DELETE', `/rooms/${other.id}/members/${ann.id}`);
    await bob.say(other.id, 'not for her');
    await bob.call('POST', '/rooms/direct', { userId: ann.id });
    await ann.call('PATCH', '/preferences', { contact: 'friends' });
    const { rev } = await bob.say(room.id, 'the end');
    for (const log of [socket, stream]) await log.next('message.created', (frame) => frame.rev === rev);
    await socket.until(() => socket.of('preferences.updated').length > 0, 'the preferences');
    await stream.until(() => lasting(socket).length === lasting(stream).length, 'the same number');
    const byUser = (log: FrameLog) => lasting(log).filter(({ userRev }) => userRev !== undefined);
    expect(byUser(stream)).toEqual(byUser(socket));
    expect(byUser(stream).length).toBeGreaterThan(6);
    for (const { id: roomId } of [room, other]) {
      const ofRoom = (log: FrameLog) => lasting(log).filter((frame) => frame.roomId === roomId);
      expect(ofRoom(stream)).toEqual(ofRoom(socket));
      expect(ofRoom(stream).length).toBeGreaterThan(1);
    }
    expect(JSON.stringify(stream.frames)).not.toContain('not for her');
    expect(lasting(strange)).toEqual([]);
  });

  it('goes on where it was, with all that was missed and without a hole', async () => {
    const [ann, bob] = await world.users(2);
    const [room, quiet] = [await world.room([ann, bob]), await world.room([ann, bob])];
    const before = await ann.stream();
    const { id, rev } = await bob.say(room.id, 'seen');
    await idBehind(before, room.id, rev);
    const { lastEventId } = before;
    await before.close();
    await bob.say(room.id, 'missed');
    await bob.call('PATCH', `/messages/${id}`, { text: 'changed' });
    await bob.call('PATCH', `/messages/${id}`, { text: 'seen, changed' });
    const fresh = await world.room([bob, ann]);
    const after = await ann.stream({ lastEventId });
    const last = (await bob.say(room.id, 'live')).rev;
    await after.next('message.created', (frame) => frame.rev === last);
    const frames = after.durable(room.id);
    let at = rev;
    for (const frame of frames) {
      expect(frame.fromRev ?? frame.rev).toBe(at + 1);
      at = frame.rev ?? 0;
    }
    expect(at).toBe(last);
    expect(textsOf(after, room.id)).toEqual(['missed', 'live']);
    expect(after.of('message.edited', room.id).map(({ data }) => data.text)).toEqual(['seen, changed']);
    expect(after.frames.findIndex(({ event }) => event === 'session.caughtUp')).toBeGreaterThan(2);
    expect(after.durable(quiet.id)).toEqual([]);
    // A room that came meanwhile stands in `session.ready`, and that there is private state to read is said.
    expect(after.frames[0].data.rooms.map(({ roomId }: Frame) => roomId)).toContain(fresh.id);
    expect(after.of('user.stale')[0].data.userRev).toBe(after.frames[0].data.userRev);
  });

  it('resumes from its last id as often as one likes, and a gap that is too large is one room.stale', async () => {
    const narrow = await World.create({ LIMIT_CHANGES_GAP: '3' });
    try {
      const [ann, bob] = await narrow.users(2);
      const room = await narrow.room([ann, bob]);
      const { lastEventId } = await ann.stream();
      for (const text of 'abc') await bob.say(room.id, text);
      for (let i = 0; i < 2; i++) expect(textsOf(await ann.stream({ lastEventId }), room.id)).toEqual(['a', 'b', 'c']);
      const { rev } = await bob.say(room.id, 'd');
      const stale = await ann.stream({ lastEventId });
      expect(stale.of('room.stale', room.id)).toMatchObject([{ data: { headRev: rev } }]);
      expect(stale.of('message.created')).toEqual([]);
      await idBehind(stale, room.id, rev);
    } finally {
      await narrow.stop();
    }
  });

  it('says reset for a cursor of another installation', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const { lastEventId } = await ann.stream();
    await bob.say(room.id);
    const stream = await ann.stream({ lastEventId: lastEventId.replace(/^[^.]+/, 'elsewhere') });
    expect(stream.frames[0].data.reset).toBe(true);
    expect(stream.of('message.created')).toEqual([]);
  });

  it('brings ids of its own, at most one a second', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const begun = Date.now();
    const stream = await ann.stream();
    let rev = 0;
    const end = Date.now() + 2500;
    while (Date.now() < end) ({ rev } = await bob.say(room.id));
    await idBehind(stream, room.id, rev);
    const ids = stream.idsAt.length;
    expect(ids).toBeGreaterThan(2);
    // However late some of them come: there is one at once, and then one for each second that has passed.
    expect(ids).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - begun) / 1000));
  });

  it('brings nothing of a room behind the removal from it, also to who comes back', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([bob, ann]);
    const [stream, other] = [await ann.stream(), await bob.stream()];
    const { lastEventId } = stream;
    await bob.call('DELETE', `/rooms/${room.id}/members/${ann.id}`);
    const { rev } = await bob.say(room.id, 'secret');
    await other.next('message.created', (frame) => frame.rev === rev);
    await stream.next('room.gone');
    await ann.call('PATCH', '/users/me', { bio: 'still here' });
    await stream.next('profile.updated');
    await stream.until(() => !stream.lastEventId.includes(room.id), 'an id without the room');
    const back = await ann.stream({ lastEventId });
    for (const log of [stream, back]) expect(JSON.stringify(log.frames)).not.toContain('secret');
    expect(back.durable(room.id)).toEqual([]);
  });

  it('follows open rooms only, and tells of the others in short', async () => {
    const [ann, bob] = await world.users(2);
    const [mine, shut] = [await world.room([ann, bob]), await world.room([ann, bob])];
    const stream = await ann.stream({ query: `?follow=open&open=${mine.id}` });
    await bob.say(shut.id, 'short');
    await bob.say(mine.id, 'full');
    await stream.next('message.created');
    expect((await stream.next('room.activity')).data).toMatchObject({ roomId: shut.id, preview: { text: 'short' } });
    expect(stream.durable(shut.id)).toEqual([]);
  });

  it('makes its user present, and tells of whom it watches', async () => {
    const [ann, bob] = await world.users(2);
    const stream = await ann.stream({ query: `?watch=${bob.id}` });
    const stateOf = async (actor: Actor, by: Actor) =>
      (await by.call('GET', `/presence?userIds=${actor.id}`)).body.items[0].state;
    const his = await bob.stream();
    await stream.next('presence', ({ data }) => data.items[0].state === 'online');
    await expect.poll(() => stateOf(ann, bob)).toBe('online');
    await his.close();
    await stream.next('presence', ({ data }) => data.items[0].state === 'offline');
    await stream.close();
    await expect.poll(() => stateOf(ann, bob)).toBe('offline');
  });

  it('leaves nothing behind when its client goes away', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const stream = await ann.stream();
    expect(world.app.get(RoomFeeds).headRevOf(room.id)).not.toBeNull();
    await stream.close();
    await expect.poll(() => connectionsOf(world, ann)).toEqual([]);
    expect(world.app.get(RoomFeeds).headRevOf(room.id)).toBeNull();
    // Also in the middle of its beginning.
    const size = world.app.get(Connections).size;
    for (let ms = 0; ms < 12; ms++) {
      const headers = { authorization: `Bearer ${ann.token}` };
      const asked = request(`${world.app.apiUrl}/events`, { headers, agent: false }).on('error', () => undefined);
      asked.end();
      await pause(ms);
      asked.destroy();
    }
    // Behind what was begun last.
    await ann.call('GET', '/sync');
    await expect.poll(() => world.app.get(Connections).size).toBe(size);
    expect(world.app.get(RoomFeeds).headRevOf(room.id)).toBeNull();
  });

  it('refuses who does not sign in by the header, and what it cannot read', async () => {
    const ann = await world.user();
    const { token } = ann;
    const { body } = await ann.call('POST', '/auth/ws-tickets');
    await expect(open({})).rejects.toThrow('HTTP 401 UNAUTHORIZED');
    await expect(open({ query: `?token=${token}` })).rejects.toThrow('HTTP 401');
    await expect(open({ query: `?ticket=${body.ticket}` })).rejects.toThrow('HTTP 401');
    await expect(open({ token, query: `?ticket=${body.ticket}` })).rejects.toThrow('HTTP 422');
    await expect(open({ token, query: '?open=x' })).rejects.toThrow('HTTP 422 VALIDATION_FAILED');
    await expect(open({ token, query: '?follow=none' })).rejects.toThrow('HTTP 422 VALIDATION_FAILED');
    for (const lastEventId of ['x', '42', 'epoch.-1', 'epoch.1.room', `e.1.${'0'.repeat(26)}`, `e.${'z'.repeat(40)}`]) {
      await expect(open({ token, lastEventId })).rejects.toThrow('HTTP 422 VALIDATION_FAILED');
    }
    expect(connectionsOf(world, ann)).toEqual([]);
  });

  it('offers GET alone', async () => {
    const { token } = await world.user();
    await expect(open({ token, method: 'HEAD' })).rejects.toThrow('HTTP 405');
    await expect(open({ token, method: 'POST' })).rejects.toThrow('HTTP 405 METHOD_NOT_ALLOWED');
    const { headers } = await world.call('PUT', '/events', { token });
    expect(headers.get('allow')).toBe('GET');
  });

  it('ends with the login, and says so', async () => {
    const [ann, bob] = await world.users(2);
    const [stream, other] = [await ann.stream(), await bob.stream()];
    await ann.call('POST', '/auth/logout');
    expect(await stream.closing()).toEqual({ cut: false });
    expect(stream.frames.at(-1)).toMatchObject({ event: 'goodbye', data: { code: 4200, reconnect: false } });
    await world.app.get(UsersService).suspend(Principal.system('test'), bob.id, 'rude');
    expect(await other.closing()).toEqual({ cut: false });
    expect(other.frames.at(-1)).toMatchObject({ event: 'goodbye', data: { code: 4201, reason: 'SUSPENDED' } });
    await expect(open({ token: ann.token })).rejects.toThrow('HTTP 401 UNAUTHORIZED');
  });
});

describe('a stream of events', () => {
  const using = async (env: Record<string, string>, work: (world: World) => Promise<void>) => {
    const world = await World.create(env);
    try {
      await work(world);
    } finally {
      await world.stop();
    }
  };

  it('ends with its token', { timeout: 20_000 }, () =>
    using({ ACCESS_TOKEN_SECONDS: '5' }, async (world) => {
      const stream = await (await world.user()).stream();
      await stream.next('session.expiring');
      expect(await stream.closing()).toEqual({ cut: false });
      expect(stream.of('goodbye')[0].data).toMatchObject({ code: 4101, reconnect: true });
    }),
  );

  it('ends when the node drains, with an id for all that it brought', () =>
    using({}, async (world) => {
      const [ann, bob] = await world.users(2);
      const room = await world.room([ann, bob]);
      const stream = await ann.stream();
      const { rev } = await bob.say(room.id);
      await bob.say(room.id);
      await stream.until(() => stream.of('message.created').length === 2, 'both');
      await world.app.get(DrainService).drain(5000);
      expect(await stream.closing()).toEqual({ cut: false });
      const [{ data }] = stream.of('goodbye');
      expect(data).toMatchObject({ code: 4000, reconnect: true });
      expect(stream.retryMs).toBe(data.retryAfterMs);
      expect(stream.lastEventId).toContain(`.${room.id}${(rev + 1).toString(36)}`);
      await expect(ann.stream()).rejects.toThrow('HTTP 503 UNAVAILABLE');
    }));

  it('counts as one of its user’s connections', () =>
    using({ LIMITS: 'on', LIMIT_CONNECTIONS_PER_USER: '2' }, async (world) => {
      const [ann, bob] = await world.users(2);
      const [socket, stream] = [await ann.connect(), await ann.stream()];
      await expect(ann.stream()).rejects.toThrow('HTTP 429 RATE_LIMITED');
      await bob.stream();
      await stream.close();
      await expect.poll(() => connectionsOf(world, ann).length).toBe(1);
      await ann.stream();
      expect((await socket.call('ping')).event).toBe('ack');
    }));

  it('shows that it lives, and lives as long as what it shows is taken', { timeout: 20_000 }, () =>
    using({ LIMIT_HEARTBEAT_MS: '1000', LIMIT_SILENCE_MS: '2500' }, async (world) => {
      const stream = await (await world.user()).stream();
      await stream.until(() => stream.comments >= 4, 'four comments');
      expect(stream.of('heartbeat').length).toBeGreaterThan(0);
      expect(stream.closed).toBeNull();
    }),
  );

  it('that nobody reads is bounded, costs its own client alone, and is told what to pull', { timeout: 60_000 }, () =>
    using({}, async (world) => {
      const [ann, bob] = await world.users(2);
      const room = await world.room([ann, bob]);
      const [stream, other] = [await ann.stream(), await bob.stream()];
      const [{ outbound }] = connectionsOf(world, ann);
      stream.response.pause();
      let [highest, rev] = [0, 0];
      for (let i = 0; i < 300; i++) {
        ({ rev } = await bob.say(room.id, '語'.repeat(16_000)));
        highest = Math.max(highest, outbound.fill);
      }
      expect(highest).toBeGreaterThan(0.5);
      expect(highest).toBeLessThanOrEqual(1.1);
      await other.next('message.created', (frame) => frame.rev === rev);
      expect(other.of('room.stale')).toEqual([]);
      stream.response.resume();
      const stale = await stream.next('room.stale');
      expect(stale.data.headRev).toBe(rev);
      const revs = stream.of('message.created', room.id).map((frame) => frame.rev ?? 0);
      expect(revs).toEqual(revs.map((_, i) => revs[0] + i));
      await idBehind(stream, room.id, rev);
    }),
  );

  it('that is full for too long is ended', { timeout: 60_000 }, () =>
    using({ LIMIT_QUEUE_FULL_MS: '300', LIMIT_QUEUE_FRAMES: '64' }, async (world) => {
      const [ann, bob] = await world.users(2);
      const room = await world.room([ann, bob]);
      const [stream, other] = [await ann.stream(), await bob.stream()];
      const [connection] = connectionsOf(world, ann);
      stream.response.pause();
      for (let i = 0; i < 300 && connection.outbound.fill < 0.25; i++) await bob.say(room.id, '語'.repeat(16_000));
      // Private events are never dropped for a slow reader.
      for (let i = 0; i < 70; i++) await ann.call('PATCH', '/users/me', { bio: `${i}` });
      await expect.poll(() => connection.closeReason, { timeout: 10_000 }).toBe('SLOW_CONSUMER');
      await expect.poll(() => connectionsOf(world, ann), { timeout: 10_000 }).toEqual([]);
      expect(other.closed).toBeNull();
      stream.response.resume();
      await stream.closing();
    }),
  );
});

// SQLite has one node.
describe.runIf(engine === 'mysql')('streams on two nodes', () => {
  it('bring what happens on the other one, and go on there', async () => {
    const database = await createDatabase();
    const here = await World.create({}, { database });
    const there = await World.create({}, { database });
    try {
      const [ann, bob] = await here.users(2);
      const room = await here.room([ann, bob]);
      const stream = await new Actor(there, ann.tokens).stream();
      const { rev } = await bob.say(room.id, 'from there');
      await stream.next('message.created');
      await idBehind(stream, room.id, rev);
      await stream.close();
      await bob.say(room.id, 'missed');
      const back = await ann.stream({ lastEventId: stream.lastEventId });
      expect(textsOf(back, room.id)).toEqual(['missed']);
    } finally {
      await there.stop();
      await here.stop();
    }
  });
});
