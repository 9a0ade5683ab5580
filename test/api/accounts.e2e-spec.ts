import { randomFillSync } from 'node:crypto';
import { type IncomingMessage, get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { SocketClass } from '../../sdk/socket.js';
import { Principal } from '../../src/access/principal.js';
import { MessageQueries } from '../../src/messages/message.queries.js';
import type { FriendRequestView, FriendView, MemberRoomView, MessageView, UserView } from '../../src/protocol/views.js';
import type { ShownMessage } from '../../src/rooms/message.view.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { UsersService } from '../../src/users/users.service.js';
import { filesIn, formOf, pictureOf, upload } from '../support/pictures.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';
import { unzip } from '../support/zip.js';

const PASSWORD = 'a fine long password';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const leave = (actor: Actor, body: object = {}) => actor.call('DELETE', '/users/me', body);
const refusalOf = ({ status, body }: { status: number; body: any }) => [status, body?.code];
const suspend = (id: string) => world.app.get(UsersService).suspend(Principal.system('a test'), id, 'spam');

async function befriend(one: Actor, other: Actor): Promise<void> {
  const { body } = await one.call('POST', '/friends/requests', { userId: other.id, message: 'cAnArY' });
  expect((await other.call('POST', `/friends/requests/${body.id}/accept`)).status).toBeLessThan(300);
}

/** Every row of every table but the messages, as one text. */
async function everything(): Promise<string> {
  const tables = world.app.app.get(DataSource).entityMetadatas.map(({ tableName }) => tableName);
  const rows = await Promise.all(
    tables.filter((table) => table !== 'messages').map((table) => world.app.rows(`SELECT * FROM ${table}`)),
  );
  return JSON.stringify(rows);
}

describe('DELETE /users/me', () => {
  it('asks for the password of an account that has one, and changes nothing without it', async () => {
    const ann = await world.account('steady.ann');
    const before = (await ann.call('GET', '/users/me')).body;
    expect(refusalOf(await leave(ann))).toEqual([422, 'VALIDATION_FAILED']);
    expect(refusalOf(await leave(ann, { password: 'wrong' }))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await leave(ann, { password: null }))).toEqual([422, 'VALIDATION_FAILED']);
    expect((await ann.call('GET', '/users/me')).body).toEqual(before);
    expect((await leave(ann, { password: PASSWORD })).status).toBe(204);
  });

  it('lets a guest go without one, and takes a request without a body', async () => {
    const [ann, bob] = await world.users(2);
    expect((await ann.call('DELETE', '/users/me')).status).toBe(204);
    expect((await leave(bob)).status).toBe(204);
    expect(refusalOf(await ann.call('DELETE', '/users/me'))).toEqual([401, 'UNAUTHORIZED']);
  });

  it('ends all logins and closes their connections before it answers, and nobody else’s', async () => {
    const ann = await world.account('ending.ann');
    const bob = await world.user();
    await world.room([ann, bob]);
    const { body: second } = await world.call('POST', '/auth/login', {
      body: { username: 'ending.ann', password: PASSWORD },
    });
    const own = [await ann.connect(), await ann.connect()];
    const foreign = await bob.connect();
    expect((await leave(ann, { password: PASSWORD })).status).toBe(204);
    for (const socket of own) {
      await expect.poll(() => socket.closed?.code).toBe(4200);
      expect(socket.of('goodbye')[0].data).toMatchObject({ code: 4200, reconnect: false });
    }
    for (const token of [ann.token, second.accessToken]) {
      expect((await world.call('GET', '/users/me', { token })).status).toBe(401);
    }
    for (const { refreshToken } of [ann.tokens, second]) {
      expect((await world.call('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    }
    const login = { body: { username: 'ending.ann', password: PASSWORD } };
    expect((await world.call('POST', '/auth/login', login)).status).toBe(401);
    expect((await foreign.call('ping')).event).toBe('ack');
  });

  it('leaves nothing personal behind, in no table and on no disk', async () => {
    const ann = await world.account('canary.ann');
    const bob = await world.user();
    await ann.call('PATCH', '/users/me', {
      displayName: 'cAnArY Ann',
      bio: 'cAnArY',
      email: 'canary@example.org',
      status: { text: 'cAnArY', emoji: '🐤' },
    });
    await world.call('POST', '/auth/login', { body: { username: 'canary.ann', password: PASSWORD, device: 'cAnArY' } });
    await upload(world, ann, formOf(await pictureOf('png')));
    const room = await world.room([bob, ann]);
    await ann.call('POST', '/rooms/direct', { userId: bob.id });
    await ann.call('POST', '/rooms', { name: 'x', visibility: 'private' }, { 'idempotency-key': 'cAnArY' });
    await befriend(ann, bob);
    await ann.call('PUT', `/blocks/${(await world.user()).id}`);
    await ann.say(room.id, 'what I said stays');
    await bob.call('POST', `/rooms/${room.id}/messages`, { text: 'you', mentions: [ann.id] });
    expect(await everything()).toMatch(/canary/i);
    const files = filesIn(world, 'files').length;
    expect((await leave(ann, { password: PASSWORD })).status).toBe(204);
    expect(await everything()).not.toMatch(/canary/i);
    expect(filesIn(world, 'files')).toHaveLength(files - 2);
    const left = async (table: string, where: string) =>
      (await world.app.rows(`SELECT * FROM ${table} WHERE ${where.replaceAll('@', `'${ann.id}'`)}`)).length;
    expect(await left('room_members', 'userId = @')).toBe(0);
    expect(await left('friendships', 'userLow = @ OR userHigh = @')).toBe(0);
    expect(await left('blocks', 'blockerId = @ OR blockedId = @')).toBe(0);
    expect(await left('user_names', 'userId = @')).toBe(0);
    expect(await left('idempotency_keys', 'userId = @')).toBe(0);
    expect(await left('mentions', 'userId = @')).toBe(0);
    const [row] = await world.app.rows<Record<string, unknown>>('SELECT * FROM users WHERE id = ?', [ann.id]);
    expect(row).toMatchObject({ status: 'deleted', role: 'user', displayName: 'Deleted user', passwordHash: null });
    expect(row.username).toBe(`deleted-${ann.id.toLowerCase()}`);
  });

  it('frees the user name and the e-mail address, for somebody who is another', async () => {
    const ann = await world.account('phoenix');
    await ann.call('PATCH', '/users/me', { email: 'phoenix@example.org' });
    await leave(ann, { password: PASSWORD });
    const again = await world.account('phoenix');
    expect((await again.call('PATCH', '/users/me', { email: 'phoenix@example.org' })).status).toBe(200);
    expect(again.id).not.toBe(ann.id);
    const name = `deleted-${ann.id.toLowerCase()}`;
    const { status } = await world.call('POST', '/auth/register', { body: { username: name, password: PASSWORD } });
    expect(status).toBe(422);
  });

  it('leaves no trace of a change of the same moment', async () => {
    for (let i = 0; i < 5; i++) {
      const ann = await world.user('Racer');
      const picture = await pictureOf('png', { width: 10, height: 10 });
      const [gone] = await Promise.all([
        leave(ann),
        ann.call('PATCH', '/users/me', { displayName: 'rAcEd', bio: 'rAcEd' }),
        upload(world, ann, formOf(picture)),
        ann.call('POST', '/rooms', { name: 'rAcE', visibility: 'private' }),
      ]);
      expect(gone.status).toBe(204);
      const [row] = await world.app.rows<object>('SELECT * FROM users WHERE id = ?', [ann.id]);
      expect(JSON.stringify(row)).not.toContain('rAcEd');
      expect(row).toMatchObject({ avatar: null });
      expect(await world.app.rows('SELECT * FROM room_members WHERE userId = ?', [ann.id])).toEqual([]);
    }
    expect(filesIn(world, 'uploads')).toEqual([]);
  });

  it('leaves no friend, request, block or choice of the same moment, on either side', async () => {
    for (let i = 0; i < 8; i++) {
      const [ann, bob, carl, dora, emil] = await world.users(5);
      const { body: request } = await bob.call('POST', '/friends/requests', { userId: ann.id });
      const socket = await ann.open();
      const answers = await Promise.all([
        leave(ann),
        ann.call('PATCH', '/preferences', { contact: 'nobody' }),
        ann.call('PUT', `/blocks/${carl.id}`),
        carl.call('PUT', `/blocks/${ann.id}`),
        ann.call('POST', `/friends/requests/${request.id}/accept`),
        ann.call('POST', '/friends/requests', { userId: dora.id }),
        emil.call('POST', '/friends/requests', { userId: ann.id }),
        socket.call('session.start', { token: ann.token, device: 'rAcEd' }).catch(() => undefined),
      ]);
      expect(answers.filter((answer) => answer && 'status' in answer && answer.status >= 500)).toEqual([]);
      const left = async (sql: string) => world.app.rows(sql, [ann.id, ann.id].slice(0, sql.split('?').length - 1));
      expect(await left("SELECT * FROM users WHERE id = ? AND preferences <> '{}'")).toEqual([]);
      expect(await left('SELECT * FROM blocks WHERE blockerId = ? OR blockedId = ?')).toEqual([]);
      expect(await left('SELECT * FROM friendships WHERE userLow = ? OR userHigh = ?')).toEqual([]);
      expect(await left('SELECT * FROM sessions WHERE userId = ? AND device IS NOT NULL')).toEqual([]);
    }
  });

  it('leaves no ban, mute or wait of his in rooms, those that he has left too', async () => {
    const [ann, bob] = await world.users(2);
    const at = (room: MemberRoomView, path = '') => `/rooms/${room.id}${path}`;
    const rooms = await Promise.all(Array.from({ length: 4 }, () => world.room([bob, ann])));
    const [banned, muted, left, slow] = rooms;
    for (const room of [left, slow]) {
      await bob.call('PATCH', at(room), { settings: { slowModeSeconds: 60 } });
      await ann.say(room.id);
    }
    await bob.call('PUT', at(banned, `/bans/${ann.id}`), { reason: 'spam' });
    await bob.call('PUT', at(muted, `/members/${ann.id}`), { mutedUntil: '2100-01-01T00:00:00Z' });
    for (const room of [muted, left]) await ann.call('POST', at(room, '/leave'));
    const rowsOf = async (table: string) =>
      (await world.app.rows(`SELECT * FROM ${table} WHERE userId = ?`, [ann.id])).length;
    const tables = ['room_bans', 'room_mutes', 'room_sends'];
    expect(await Promise.all(tables.map(rowsOf))).toEqual([1, 1, 2]);
    await leave(ann);
    expect(await Promise.all(tables.map(rowsOf))).toEqual([0, 0, 0]);
    expect((await bob.call('GET', at(banned, '/bans'))).body.items).toEqual([]);
  });

  it('refuses what was on its way, as it refuses everything of an account that has ended', async () => {
    const uow = world.app.get(UnitOfWork);
    const [ann, bob, carl] = await world.users(3);
    await befriend(ann, bob);
    const { body: request } = await carl.call('POST', '/friends/requests', { userId: ann.id });
    const room = await world.room([carl]);
    const calls = [
      () => ann.call('PATCH', '/preferences', { contact: 'nobody' }),
      () => ann.call('PUT', `/blocks/${carl.id}`),
      () => ann.call('PATCH', `/friends/${bob.id}`, { alias: 'rAcEd' }),
      () => ann.call('POST', `/friends/requests/${request.id}/accept`),
      () => ann.call('POST', '/friends/requests', { userId: bob.id }),
    ];
    const fromOthers = [
      () => carl.call('PUT', `/blocks/${ann.id}`),
      () => bob.call('PATCH', `/friends/${ann.id}`, { alias: 'rAcEd' }),
      () => carl.call('PUT', `/rooms/${room.id}/bans/${ann.id}`, { reason: 'rAcEd' }),
    ];
    const socket = await ann.open();
    let answers: Promise<Answer[]> = Promise.resolve([]);
    // Holds her row until all of them have come past the door, and has ended her account when they get it.
    await uow.run(async (tx) => {
      await tx.execute("UPDATE users SET status = 'deleted' WHERE id = ?", [ann.id]);
      await tx.execute('UPDATE sessions SET revokedAt = 1 WHERE userId = ?', [ann.id]);
      answers = Promise.all([...calls, ...fromOthers].map((call) => call()));
      socket.send('session.start', { token: ann.token, device: 'rAcEd' });
      await pause(300);
    });
    expect((await answers).map(refusalOf)).toEqual([
      ...calls.map(() => [401, 'UNAUTHORIZED']),
      ...fromOthers.map(() => [404, 'NOT_FOUND']),
    ]);
    expect(await everything()).not.toContain('rAcEd');
    const [row] = await world.app.rows<object>('SELECT preferences FROM users WHERE id = ?', [ann.id]);
    expect(row).toEqual({ preferences: '{}' });
  });

  it('keeps what he wrote, as that of a deleted user, and takes him out of his rooms', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([bob, ann]);
    const said = await ann.say(room.id, 'I was here');
    const socket = await bob.connect();
    await leave(ann);
    const { data } = await socket.next('member.left');
    expect(data).toMatchObject({ userId: ann.id, role: null });
    const { body: page } = await bob.call('GET', `/rooms/${room.id}/messages`);
    expect(page.items.find(({ id }: MessageView) => id === said.id)).toEqual(said);
    const { body: members } = await bob.call('GET', `/rooms/${room.id}/members`);
    expect(members.items.map(({ user }: { user: UserView }) => user.id)).toEqual([bob.id]);
    await socket.call('ping');
    expect(socket.of('profile.updated')).toEqual([]);
  });
});

describe('what others see of somebody who is suspended or deleted', () => {
  const DELETED = { displayName: 'Deleted user', avatarUrl: null, bio: null, status: null };

  interface Seen {
    readonly profile: number;
    readonly lookedUp: unknown;
    readonly inDirectory: boolean;
    readonly picture: number;
    readonly pictureType: string | null;
    readonly peer: unknown;
    readonly isMember: boolean;
    readonly canBeWrittenTo: number;
    readonly canBeAdded: number;
    readonly canBeAsked: number;
  }

  async function look(end: (actor: Actor) => Promise<unknown>): Promise<Seen> {
    const name = `Seen${newUlid().slice(-8)}`;
    const [bob, ann] = [await world.user(), await world.user(name)];
    const stranger = await world.user();
    await ann.call('PATCH', '/users/me', { bio: 'sEcReT' });
    await upload(world, ann, formOf(await pictureOf('png', { width: 10, height: 10 })));
    const { body: direct } = await bob.call<MemberRoomView>('POST', '/rooms/direct', { userId: ann.id });
    const room = await world.room([bob, ann]);
    const other = await world.room([bob]);
    const said = await ann.say(direct.id, 'for Bob');
    await end(ann);
    const { body: found } = await bob.call('GET', `/users?query=${name}`);
    const { body: lookedUp } = await bob.call('POST', '/users/lookup', { ids: [ann.id] });
    const picture = await fetch(`${world.app.apiUrl}/users/${ann.id}/avatar`);
    const { body: members } = await bob.call('GET', `/rooms/${room.id}/members`);
    const { status, body: seen } = await bob.call<MemberRoomView>('GET', `/rooms/${direct.id}`);
    expect(status).toBe(200);
    const { body: page } = await bob.call('GET', `/rooms/${direct.id}/messages`);
    expect(page.items.map(({ id }: MessageView) => id)).toContain(said.id);
    const { peer } = (await bob.call('GET', '/sync')).body.rooms.find(({ id }: MemberRoomView) => id === direct.id);
    expect(peer).toEqual(seen.peer);
    return {
      profile: (await bob.call('GET', `/users/${ann.id}`)).status,
      lookedUp: lookedUp.items[0],
      inDirectory: found.items.length > 0,
      picture: picture.status,
      pictureType: picture.headers.get('content-type'),
      peer: seen.peer,
      isMember: members.items.some(({ user }: { user: UserView }) => user.id === ann.id),
      canBeWrittenTo: (await stranger.call('POST', '/rooms/direct', { userId: ann.id })).status,
      canBeAdded: (await bob.call('PUT', `/rooms/${other.id}/members/${ann.id}`, {})).status,
      canBeAsked: (await bob.call('POST', '/friends/requests', { userId: ann.id })).status,
    };
  }

  it('nothing of a deleted one but that he was there', async () => {
    const seen = await look((ann) => leave(ann));
    expect(seen).toEqual({
      profile: 404,
      lookedUp: expect.objectContaining(DELETED),
      inDirectory: false,
      picture: 404,
      pictureType: expect.stringContaining('application/problem+json'),
      peer: expect.objectContaining(DELETED),
      isMember: false,
      canBeWrittenTo: 404,
      canBeAdded: 404,
      canBeAsked: 404,
    });
    expect(JSON.stringify(seen)).not.toMatch(/sEcReT|Seen|guest-/);
  });

  it('a suspended one where he is, and nowhere new', async () => {
    const seen = await look((ann) => suspend(ann.id));
    const shown = expect.objectContaining({ bio: 'sEcReT', avatarUrl: expect.stringContaining('made-up') });
    expect(seen).toEqual({
      profile: 200,
      lookedUp: shown,
      inDirectory: false,
      picture: 200,
      pictureType: 'image/svg+xml',
      peer: shown,
      isMember: true,
      canBeWrittenTo: 404,
      canBeAdded: 404,
      canBeAsked: 404,
    });
  });

  it('everything of the others', async () => {
    const seen = await look(() => Promise.resolve());
    const shown = expect.objectContaining({ bio: 'sEcReT', avatarUrl: expect.stringMatching(/v=[0-9A-Z]{26}$/) });
    expect(seen).toEqual({
      profile: 200,
      lookedUp: shown,
      inDirectory: true,
      picture: 200,
      pictureType: 'image/webp',
      peer: shown,
      isMember: true,
      canBeWrittenTo: 201,
      canBeAdded: 201,
      canBeAsked: 201,
    });
  });
});

describe('GET /users/me/export', () => {
  const ask = (actor: Actor, init: RequestInit = {}, { app } = world) =>
    fetch(`${app.apiUrl}/users/me/export`, { headers: { authorization: `Bearer ${actor.token}` }, ...init });

  /** Messages that are more than the sockets between two programs hold: 4 MiB on its way out, and what was received. */
  const TALK = 400;
  const QUICK = { LIMIT_SENDS_PER_SECOND: '1000', LIMIT_COMMANDS_PER_SECOND: '1000', LIMIT_SENDS_BURST: '1000' };

  /** Says a lot, in letters that hardly pack: a packer looks back over 32 KiB, and each message has 48,000 bytes. */
  async function talk(where: World, actor: Actor): Promise<void> {
    const { id: roomId } = await where.room([actor]);
    const letters = [...randomFillSync(new Uint16Array(16_000))].map((number) => 0x4e00 + (number % 20_000));
    const text = String.fromCharCode(...letters);
    const socket = await actor.connect();
    for (let i = 0; i < TALK / 10; i++) {
      await Promise.all(Array.from({ length: 10 }, () => socket.call('message.send', { roomId, id: newUlid(), text })));
    }
    socket.ws.terminate();
  }

  /**
   * Takes the head of the answer and what came with it, and nothing more. With `fetch` it would depend on the moment:
   * what it reads in the first instants makes the system hold megabytes more for it.
   */
  const askAndStop = (actor: Actor, { app }: World) =>
    new Promise<IncomingMessage>((done, fail) => {
      const headers = { authorization: `Bearer ${actor.token}` };
      get(`${app.apiUrl}/users/me/export`, { headers, agent: false }, done).once('error', fail);
    });

  async function exportOf(actor: Actor, where = world): Promise<Record<string, any>> {
    const response = await ask(actor, {}, where);
    expect(response.status).toBe(200);
    const files = unzip(Buffer.from(await response.arrayBuffer()));
    return Object.fromEntries(
      [...files].map(([name, content]) => {
        const lines = content.toString().split('\n').filter(Boolean);
        if (name.endsWith('.ndjson')) return [name, lines.map((line) => JSON.parse(line))];
        return [name, name.endsWith('.json') ? JSON.parse(content.toString()) : content];
      }),
    );
  }

  it('is a ZIP of all that is his, and of nothing that others wrote but notes to him', async () => {
    const [ann, bob, carl, dora] = await world.users(4);
    await upload(world, ann, formOf(await pictureOf('png')));
    for (const other of [bob, carl, dora]) {
      const foreign = { displayName: `Name of ${other.id}`, bio: 'fOrEiGn', status: { text: 'fOrEiGn', emoji: null } };
      expect((await other.call('PATCH', '/users/me', foreign)).status).toBe(200);
    }
    const room = await world.room([bob, ann]);
    expect((await bob.call('PATCH', `/rooms/${room.id}`, { topic: 'fOrEiGn' })).status).toBe(200);
    const { body: direct } = await ann.call('POST', '/rooms/direct', { userId: bob.id });
    await befriend(bob, ann);
    await carl.call('POST', '/friends/requests', { userId: ann.id, message: 'a letter' });
    await ann.call('POST', '/friends/requests', { userId: dora.id, message: 'my letter' });
    const blocked = await world.user();
    await blocked.call('PATCH', '/users/me', { bio: 'fOrEiGn' });
    await ann.call('PUT', `/blocks/${blocked.id}`);
    const said = [await ann.say(room.id, 'one'), await ann.say(room.id, 'zwei 三')];
    for (const { id } of [room, direct]) await bob.say(id, 'fOrEiGn');
    const parts = await exportOf(ann);
    expect(Object.keys(parts)).toEqual([
      'profile.json',
      'picture.webp',
      'logins.json',
      'friends.json',
      'friend-requests-received.json',
      'friend-requests-sent.json',
      'blocks.json',
      'rooms.json',
      'messages.ndjson',
    ]);
    // What she said moves her read mark within a second, which takes a number.
    const { userRev: _, ...profile } = (await ann.call('GET', '/users/me')).body;
    expect(parts['profile.json']).toMatchObject(profile);
    expect(parts['picture.webp'].subarray(8, 12).toString()).toBe('WEBP');
    expect(parts['logins.json']).toEqual((await ann.call('GET', '/auth/sessions')).body.items);
    const person = ({ id, username, displayName }: UserView) => ({ id, username, displayName });
    const list = async (path: string) => (await ann.call('GET', path)).body.items;
    const asked = (requests: FriendRequestView[]) =>
      requests.map((one) => ({ ...one, from: person(one.from), to: person(one.to) }));
    expect(parts['friends.json']).toEqual(
      (await list('/friends')).map(({ alias, since, ...friend }: FriendView) => ({ ...person(friend), alias, since })),
    );
    expect(parts['friends.json']).toHaveLength(1);
    expect(parts['friend-requests-received.json']).toEqual(asked(await list('/friends/requests')));
    expect(parts['friend-requests-received.json']).toMatchObject([{ from: { id: carl.id }, message: 'a letter' }]);
    expect(parts['friend-requests-sent.json']).toEqual(asked(await list('/friends/requests?direction=outgoing')));
    expect(parts['friend-requests-sent.json']).toMatchObject([{ to: { id: dora.id }, message: 'my letter' }]);
    expect(parts['blocks.json']).toMatchObject([{ user: { id: blocked.id } }]);
    const rooms: MemberRoomView[] = await list('/rooms');
    expect(parts['rooms.json']).toHaveLength(2);
    for (const { lastMessage: _message, topic: _topic, peer, ...own } of rooms) {
      expect(parts['rooms.json']).toContainEqual({
        ...own,
        readSeq: expect.any(Number),
        readVersion: expect.any(Number),
        unread: expect.any(Number),
        ...(peer ? { peer: person(peer) } : {}),
      });
    }
    expect(parts['messages.ndjson']).toEqual(said);
    expect(JSON.stringify(parts)).not.toContain('fOrEiGn');
  });

  it('has long lists as a whole: more rooms than a page, more messages than a stretch', async () => {
    const [ann, bob] = await world.users(2);
    for (let i = 0; i < 13; i++) await Promise.all(Array.from({ length: 10 }, () => world.room([ann])));
    const room = await world.room([bob, ann]);
    const socket = await ann.connect();
    const other = await bob.connect();
    const ids: string[] = [];
    for (let i = 0; i < 1200; i++) {
      const id = newUlid();
      const last = (i % 2 ? socket : other).send('message.send', { roomId: room.id, id, text: `message ${i}` });
      if (i % 2) ids.push(id);
      if (i >= 1198) await (i % 2 ? socket : other).answerTo(last);
    }
    const parts = await exportOf(ann);
    expect(parts['rooms.json']).toHaveLength(131);
    expect(parts['messages.ndjson'].map(({ id }: MessageView) => id)).toEqual(ids);
  });

  it('reads long messages a few at a time, so that others have their turn', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const said: string[] = [];
    for (let i = 0; i < 30; i++) {
      said.push((await ann.say(room.id, '语'.repeat(16_000))).id, (await ann.say(room.id, 'short')).id);
      await bob.say(room.id, 'foreign');
    }
    const read = vi.spyOn(world.app.get(MessageQueries), 'ofSender');
    onTestFinished(() => read.mockRestore());
    const parts = await exportOf(ann);
    expect(parts['messages.ndjson'].map(({ id }: MessageView) => id)).toEqual(said);
    const rows = await Promise.all(read.mock.results.map(({ value }) => value as Promise<ShownMessage[]>));
    const bytes = rows.map((few) => few.reduce((sum, { text }) => sum + Buffer.byteLength(text ?? ''), 0));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(262_144);
    expect(rows.flat()).toHaveLength(60);
  });

  it('has nothing of a room that he has left, and nothing older than what he may see', async () => {
    const [ann, bob] = await world.users(2);
    const [left, kept] = [await world.room([bob, ann]), await world.room([bob, ann])];
    await ann.say(left.id, 'gOnE');
    const old = await ann.say(kept.id, 'old');
    await ann.call('POST', `/rooms/${left.id}/leave`);
    await world.app.rows('UPDATE room_members SET visibleFromRev = ? WHERE roomId = ? AND userId = ?', [
      old.rev + 1,
      kept.id,
      ann.id,
    ]);
    const fresh = await ann.say(kept.id, 'new');
    const parts = await exportOf(ann);
    expect(parts['messages.ndjson'].map(({ id }: MessageView) => id)).toEqual([fresh.id]);
    expect(JSON.stringify(parts)).not.toContain('gOnE');
  });

  it('says what it is, and is not kept by anybody', async () => {
    const ann = await world.user();
    const response = await ask(ann);
    await response.arrayBuffer();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="parley-export.zip"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect((await world.call('GET', '/users/me/export')).status).toBe(401);
  });

  it('ends with who asked for it going away, and the next one gets his', async () => {
    const ann = await world.user();
    const room = await world.room([ann]);
    for (let i = 0; i < 20; i++) await ann.say(room.id, Array.from({ length: 400 }, newUlid).join(''));
    for (let i = 0; i < 12; i++) {
      const stop = new AbortController();
      const response = await ask(ann, { signal: stop.signal });
      if (i % 2) await response.body?.getReader().read();
      stop.abort();
    }
    const whole = async () => {
      const response = await ask(ann);
      await response.arrayBuffer();
      return response.status;
    };
    await expect.poll(whole, { timeout: 10_000 }).toBe(200);
    await pause(50);
    expect((await exportOf(ann))['messages.ndjson']).toHaveLength(20);
  });

  it('breaks off for who stops reading, so that others get theirs', async () => {
    const other = await World.create({ LIMIT_EXPORT_STALL_MS: '1000' });
    onTestFinished(() => other.stop());
    const readers = await other.users(4);
    const late = await other.user();
    for (const reader of readers) await talk(other, reader);
    const stopped = await Promise.all(readers.map((reader) => askAndStop(reader, other)));
    expect(stopped.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect(refusalOf(await late.call('GET', '/users/me/export'))).toEqual([503, 'UNAVAILABLE']);
    await expect.poll(async () => (await ask(late, {}, other)).status, { timeout: 10_000 }).toBe(200);
    await expect
      .poll(async () => (await exportOf(readers[0], other))['messages.ndjson'].length, { timeout: 10_000 })
      .toBe(TALK);
    for (const one of stopped) await expect(buffer(one)).rejects.toThrow();
  });

  it('are one at a time of a user, and what is refused does not count', async () => {
    const other = await World.create({ LIMITS: 'on', LIMIT_EXPORTS_PER_HOUR: '2', ...QUICK });
    onTestFinished(() => other.stop());
    const ann = await other.user();
    await talk(other, ann);
    const stopped = await askAndStop(ann, other);
    expect(stopped.statusCode).toBe(200);
    for (let i = 0; i < 5; i++) {
      const { status, body } = await ann.call('GET', '/users/me/export');
      expect([status, body.code, body.retryAfterMs]).toEqual([429, 'RATE_LIMITED', 10_000]);
    }
    stopped.destroy();
    const again = async () => {
      const response = await ask(ann, {}, other);
      await response.arrayBuffer();
      return response.status;
    };
    await expect.poll(again, { timeout: 10_000 }).toBe(200);
  });

  it('is given as often in an hour as the limit says', async () => {
    const other = await World.create({ LIMITS: 'on', LIMIT_EXPORTS_PER_HOUR: '2' });
    const ann = await other.user();
    const status = async () => (await ann.call('GET', '/users/me/export')).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    await other.stop();
  });
});

describe('the SDK', () => {
  it('sets a picture and removes it, takes along what is one’s own, and leaves for good', async () => {
    const client = new ParleyClient({ url: world.app.url, webSocket: WebSocket as unknown as SocketClass });
    const { rest } = client;
    const { id } = await rest.register({ username: 'sdk.ann', password: PASSWORD });
    const picture = new Blob([new Uint8Array(await pictureOf('png'))]);
    const { avatarUrl } = await rest.account.setAvatar(picture);
    const small = await fetch(rest.pictureUrl(avatarUrl ?? '', 64));
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
    await expect(rest.account.setAvatar(new Blob(['hello']))).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA' });
    await rest.account.removeAvatar();
    expect((await rest.user(id)).avatarUrl).toContain('made-up');
    expect((await rest.account.update({ bio: 'Hi' })).bio).toBe('Hi');
    const files = unzip(Buffer.from(await (await rest.account.export()).arrayBuffer()));
    expect(JSON.parse(files.get('profile.json')?.toString() ?? '')).toMatchObject({ id, bio: 'Hi' });
    await expect(rest.account.delete('wrong')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await rest.account.delete(PASSWORD);
    await expect(rest.account.export()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    client.close();
  });
});
