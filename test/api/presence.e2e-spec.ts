import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { OnlineView, PresenceView, PresencesView } from '../../src/protocol/views.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.create({ LIMIT_PRESENCE_GRACE_MS: '200', LIMIT_LAST_SEEN_EVERY_MS: '60000' });
});
afterAll(() => world.stop());

async function seen(viewer: Actor, of: Actor): Promise<PresenceView> {
  const { status, body } = await viewer.call<PresencesView>('GET', `/presence?userIds=${of.id}`);
  expect([status, body.items.length]).toEqual([200, 1]);
  return body.items[0];
}

const stateOf = async (viewer: Actor, of: Actor) => (await seen(viewer, of)).state;

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const set = (actor: Actor, presence: object) => actor.call<PresenceView>('PUT', '/presence/me', presence);

describe('GET /presence', () => {
  it('shows who is here, from the answer to his start on, and not any more after the grace', async () => {
    const [ann, bob] = await world.users(2);
    const nobody = { userId: bob.id, state: 'offline', text: null, emoji: null, lastSeenAt: null };
    expect(await seen(ann, bob)).toEqual(nobody);
    const socket = await bob.connect();
    expect(await seen(ann, bob)).toEqual({ ...nobody, state: 'online' });
    await socket.close();
    await until(async () => (await stateOf(ann, bob)) === 'offline', 'offline');
    expect((await seen(ann, bob)).lastSeenAt).toMatch(/Z$/);
  });

  it('answers in the order of the ids, each once, without those that do not exist', async () => {
    const [ann, bob, cid] = await world.users(3);
    const ids = [cid.id, newUlid(), ann.id, cid.id, bob.id];
    const { body } = await ann.call<PresencesView>('GET', `/presence?userIds=${ids.join()}`);

    expect(body.items.map(({ userId }) => userId)).toEqual([cid.id, ann.id, bob.id]);
  });

  it('takes as many ids as a look-up, and no more; nothing but ids', async () => {
    const ann = await world.user();
    const ask = async (list: string) => (await ann.call('GET', `/presence?userIds=${list}`)).status;
    const ids = (count: number) => Array.from({ length: count }, () => newUlid()).join();
    expect([await ask(ids(100)), await ask(ids(101))]).toEqual([200, 422]);
    expect([await ask(''), await ask(`${newUlid()},`), await ask('x'), await ask(`${newUlid()};`)]).toEqual([
      422, 422, 422, 422,
    ]);
  });
});

describe('PUT /presence/me', () => {
  it('answers with what the caller is shown as, and others see it at once', async () => {
    const [ann, bob] = await world.users(2);
    await bob.connect();
    const { status, body } = await set(bob, { state: 'busy', text: 'Thinking', emoji: '🤔' });
    const busy = { userId: bob.id, state: 'busy', text: 'Thinking', emoji: '🤔', lastSeenAt: null };
    expect([status, body]).toEqual([200, busy]);
    expect(await seen(ann, bob)).toEqual(busy);
    expect((await set(bob, { state: 'online', text: null })).body).toEqual({ ...busy, state: 'online', text: null });
    expect(await seen(ann, bob)).toEqual({ ...busy, state: 'online', text: null });
  });

  it('keeps a choice for the next time, and shows it to its user even while he is not here', async () => {
    const [ann, bob] = await world.users(2);
    expect((await set(bob, { state: 'busy' })).body.state).toBe('busy');
    expect([await stateOf(bob, bob), await stateOf(ann, bob)]).toEqual(['busy', 'offline']);
    const socket = await bob.connect();
    expect(await stateOf(ann, bob)).toBe('busy');
    await socket.close();
    await until(async () => (await stateOf(ann, bob)) === 'offline', 'offline');
    await bob.connect();
    expect(await stateOf(ann, bob)).toBe('busy');
  });

  it('tells the own devices as a profile, in userRev order, only where something is kept', async () => {
    const bob = await world.user();
    const socket = await bob.connect();
    const { userRev } = (await bob.call('GET', '/users/me')).body;
    for (const state of ['online', 'away', 'online', 'invisible', 'invisible', 'away', 'online']) {
      expect((await set(bob, { state })).status).toBe(200);
    }
    const told = [await socket.next('profile.updated'), await socket.next('profile.updated')];
    expect(told.map((frame) => [frame.userRev, frame.data.presence])).toEqual([
      [userRev + 1, 'invisible'],
      [userRev + 2, null],
    ]);
    expect((await bob.call('GET', '/users/me')).body.userRev).toBe(userRev + 2);
  });

  it('is away on the connections of this login, whatever else he has', async () => {
    const [ann, bob] = await world.users(2);
    const socket = await bob.connect();
    expect((await set(bob, { state: 'away' })).body.state).toBe('away');
    await until(async () => (await stateOf(ann, bob)) === 'away', 'away');
    await socket.call('presence.set', { state: 'online' });
    await until(async () => (await stateOf(ann, bob)) === 'online', 'online');
  });

  it('refuses what is no state, and what nobody can choose', async () => {
    const bob = await world.user();
    for (const presence of [{}, { state: 'offline' }, { state: 'here' }, { state: null }, { state: 'busy', text: 7 }]) {
      expect((await set(bob, presence)).status).toBe(422);
    }
  });
});

describe('somebody invisible', () => {
  it('is offline to everybody else in every answer, and sees himself as he is', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann, bob]);
    await set(bob, { state: 'invisible' });
    await bob.connect();
    await ann.connect();
    expect(await seen(ann, bob)).toEqual({
      userId: bob.id,
      state: 'offline',
      text: null,
      emoji: null,
      lastSeenAt: null,
    });
    expect(await stateOf(bob, bob)).toBe('invisible');
    const online = async (actor: Actor) => {
      const { body } = await actor.call<OnlineView>('GET', `/rooms/${roomId}/online`);
      return [body.count, body.items.map(({ user, state }) => [user.id, state])];
    };
    expect(await online(ann)).toEqual([1, [[ann.id, 'online']]]);
    const both = [
      [ann.id, 'online'],
      [bob.id, 'invisible'],
    ].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(await online(bob)).toEqual([2, both]);
    const { body: profile } = await ann.call('GET', `/users/${bob.id}`);
    expect(JSON.stringify(profile)).not.toContain('invisible');
  });

  it('vanishes with the answer, as one who has just gone', async () => {
    const [ann, bob] = await world.users(2);
    await bob.connect();
    await set(bob, { state: 'invisible' });
    const { state, lastSeenAt } = await seen(ann, bob);
    expect([state, lastSeenAt]).toEqual(['offline', expect.stringMatching(/Z$/)]);
    await set(bob, { state: 'online' });
    expect(await stateOf(ann, bob)).toBe('online');
  });
});

describe('last seen', () => {
  const clock = { now: 0 };
  let own: World;
  beforeEach(async () => {
    own = await World.create({ LIMIT_LAST_SEEN_EVERY_MS: '60000', LIMIT_PRESENCE_GRACE_MS: '200' });
    clock.now = Date.now();
    vi.spyOn(own.app.app.get(Clock), 'now').mockImplementation(() => clock.now);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await own.stop();
  });
  const stored = async ({ id }: Actor) => {
    const [{ lastSeenAt }] = await own.app.rows<{ lastSeenAt: number | null }>(
      `SELECT lastSeenAt FROM users WHERE id = '${id}'`,
    );
    return lastSeenAt === null ? null : Number(lastSeenAt);
  };
  const storedIs = (actor: Actor, at: number) => until(async () => (await stored(actor)) === at, `${at} in the row`);

  it('is stored at most once in the time that the limit says', async () => {
    const [ann, bob] = await own.users(2);
    const start = clock.now;
    const socket = await bob.connect();
    clock.now = start + 59_999;
    await socket.close();
    await until(async () => (await seen(ann, bob)).lastSeenAt !== null, 'the time');
    expect((await seen(ann, bob)).lastSeenAt).toBe(new Date(start + 59_999).toISOString());
    expect(await stored(bob)).toBeNull();
    clock.now = start + 60_000;
    await storedIs(bob, start + 59_999);
    expect((await seen(ann, bob)).lastSeenAt).toBe(new Date(start + 59_999).toISOString());
  });

  it('moves once a minute while somebody is here, in batches', async () => {
    const users = await own.users(3);
    const sockets = await Promise.all(users.map((user) => user.connect()));
    for (let minute = 1; minute <= 2; minute++) {
      clock.now += 60_000;
      for (const socket of sockets) await socket.call('ping');
      for (const user of users) await storedIs(user, clock.now);
      expect(await Promise.all(users.map(stored))).toEqual(users.map(() => clock.now));
    }
  });

  it('is not moved by coming, staying and going while invisible', async () => {
    const [ann, bob] = await own.users(2);
    const first = await bob.connect();
    await first.close();
    const before = clock.now;
    clock.now += 60_000;
    await storedIs(bob, before);
    await set(bob, { state: 'invisible' });
    const socket = await bob.connect();
    clock.now += 60_000;
    await socket.call('ping');
    await ann.connect();
    clock.now += 60_000;
    await storedIs(ann, clock.now);
    await socket.close();
    clock.now += 60_000;
    await storedIs(ann, clock.now);
    expect([await stored(bob), (await seen(ann, bob)).lastSeenAt]).toEqual([before, new Date(before).toISOString()]);
  });
});

describe('GET /rooms/:id/online', () => {
  const ask = (actor: Actor, roomId: string, query = '') =>
    actor.call<OnlineView>('GET', `/rooms/${roomId}/online${query}`);

  it('has the members who are here, the caller among them, page by page with all of them counted', async () => {
    const users = await world.users(7);
    const [ann, bob, ...others] = users;
    const { id: roomId } = await world.room(users);
    const stranger = await world.user();
    await Promise.all([ann, stranger, ...others].map((user) => user.connect()));
    const here = [ann, ...others].map(({ id }) => id).sort();
    const { body } = await ask(bob, roomId);
    expect([body.count, body.items.map(({ user }) => user.id), body.next]).toEqual([6, here, null]);
    expect(body.items[0]).toMatchObject({ state: 'online', since: expect.stringMatching(/Z$/) });
    const paged: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: OnlineView = (await ask(ann, roomId, `?limit=4${next && `&cursor=${next}`}`)).body;
      expect(page.count).toBe(6);
      paged.push(...page.items.map(({ user }) => user.id));
      next = page.next;
    }
    expect(paged).toEqual(here);
  });

  it('is the same in a small room among many who are here, and in a large one among few', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id: roomId } = await world.room([ann, bob, cid]);
    for (const user of [ann, cid]) await user.connect();
    const whole = (await ask(ann, roomId)).body;
    await world.app.rows(`UPDATE rooms SET memberCount = 100000 WHERE id = '${roomId}'`);
    expect((await ask(ann, roomId)).body).toEqual(whole);
    expect(whole.count).toBe(2);
  });

  it('is for members alone', async () => {
    const [ann, bob, cid] = await world.users(3);
    const hidden = await world.room([ann, bob]);
    const open = await world.room([ann], { visibility: 'public' });
    expect([(await ask(cid, hidden.id)).status, (await ask(cid, open.id)).status]).toEqual([404, 403]);
    expect((await ask(cid, newUlid())).status).toBe(404);
    expect((await ask(bob, hidden.id)).status).toBe(200);
    await ann.call('DELETE', `/rooms/${hidden.id}/members/${bob.id}`);
    expect((await ask(bob, hidden.id)).status).toBe(404);
    expect((await ask(ann, hidden.id)).body.items.map(({ user }) => user.id)).not.toContain(bob.id);
  });
});
