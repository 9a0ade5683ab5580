import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../src/realtime/connections/connections.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { User } from '../../src/users/user.entity.js';
import type { Frame, TestSocket } from '../support/socket.js';
import { NearConnection } from '../support/wire.js';
import { type Actor, World, newUlid } from '../support/world.js';

const GRACE_MS = 600;
const EVERY_MS = 100;

let world: World;
beforeAll(async () => {
  world = await World.create({ LIMIT_PRESENCE_GRACE_MS: String(GRACE_MS), LIMIT_PRESENCE_EVERY_MS: String(EVERY_MS) });
});
afterAll(() => world.stop());

const watch = (socket: TestSocket, ...users: Actor[]) =>
  socket.call('presence.watch', { userIds: users.map(({ id }) => id) });
/** What came about a user: his states, in order. */
const statesOf = (socket: TestSocket, { id }: Actor) => itemsOf(socket.of('presence'), id).map(({ state }) => state);
const itemsOf = (frames: Frame[], userId: string) =>
  frames.flatMap(({ data }) => (data.items as any[]).filter((item) => item.userId === userId));
const told = (socket: TestSocket, user: Actor, ...states: string[]) =>
  socket.until(
    () => statesOf(socket, user).join() === states.join() || undefined,
    `${states.join()}, not ${statesOf(socket, user).join()}`,
  );
/** As long as it takes until one who has gone has been shown to be. */
const grace = () => new Promise((resolve) => setTimeout(resolve, GRACE_MS + 2 * EVERY_MS));

/** Two beats of somebody else who comes: whatever was to be told before him has been. */
async function settled(socket: TestSocket): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const marker = await world.user();
    await watch(socket, marker);
    await marker.connect();
    await told(socket, marker, 'online');
  }
}

describe('presence.watch', () => {
  it('answers with a snapshot, and tells what changes from then on', async () => {
    const [ann, bob, cid] = await world.users(3);
    const [eye, socket] = [await ann.connect(), await bob.connect()];
    await settled(eye);
    const { event, data } = await watch(eye, bob, cid, ann);
    expect([event, data.items.map((item: any) => [item.userId, item.state])]).toEqual([
      'ack',
      [
        [bob.id, 'online'],
        [cid.id, 'offline'],
        [ann.id, 'online'],
      ],
    ]);
    await cid.connect();
    await told(eye, cid, 'online');
    await socket.call('presence.set', { state: 'busy', text: 'Reading' });
    await told(eye, bob, 'busy');
    expect(itemsOf(eye.of('presence'), bob.id)[0]).toMatchObject({ text: 'Reading', emoji: null });
    await bob.call('PATCH', '/users/me', { status: { emoji: '📖' } });
    await told(eye, bob, 'busy', 'busy');
    expect(itemsOf(eye.of('presence'), bob.id)[1]).toMatchObject({ text: 'Reading', emoji: '📖' });
  });

  it('tells nothing to those who do not watch, or not any more', async () => {
    const [ann, bob, cid] = await world.users(3);
    const [eye, other] = [await ann.connect(), await cid.connect()];
    await watch(eye, bob);
    await bob.connect();
    await told(eye, bob, 'online');
    expect((await eye.call('presence.unwatch', { userIds: [bob.id] })).data).toEqual({});
    await bob.call('PUT', '/presence/me', { state: 'busy' });
    await settled(eye);
    expect(statesOf(eye, bob)).toEqual(['online']);
    expect(other.of('presence')).toEqual([]);
  });

  it('in session.start begins with a snapshot behind the handshake, also after a reconnect', async () => {
    const [ann, bob, cid] = await world.users(3);
    await bob.connect();
    for (let i = 0; i < 2; i++) {
      const eye = await ann.connect({ watch: [bob.id, cid.id, newUlid()] });
      const frame = await eye.next('presence');
      expect(frame.data.items.map((item: any) => [item.userId, item.state])).toEqual([
        [bob.id, 'online'],
        [cid.id, 'offline'],
      ]);
      await settled(eye);
      expect(statesOf(eye, bob)).toEqual(['online']);
      await eye.close();
    }
  });

  it('shows oneself as one is', async () => {
    const ann = await world.user();
    const [eye, phone] = [await ann.connect(), await ann.connect()];
    await settled(eye);
    await watch(eye, ann);
    await phone.call('presence.set', { state: 'invisible' });
    await told(eye, ann, 'invisible');
    expect(itemsOf(phone.of('presence'), ann.id)).toEqual([]);
  });

  it('tells that a status has ended', async () => {
    const [ann, bob] = await world.users(2);
    const eye = await ann.connect();
    await bob.connect();
    await watch(eye, bob);
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    await bob.call('PUT', '/presence/me', { state: 'online', text: 'Lunch', expiresAt });
    await eye.until(() => itemsOf(eye.of('presence'), bob.id).at(-1)?.text === 'Lunch', 'the status');
    await eye.until(() => itemsOf(eye.of('presence'), bob.id).at(-1)?.text === null, 'its end');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });
});

describe('coming and going', () => {
  it('shows a clean close within the grace and two seconds, with when he was last seen', async () => {
    const [ann, bob] = await world.users(2);
    const [eye, socket] = [await ann.connect(), await bob.connect()];
    await settled(eye);
    await watch(eye, bob);
    const closedAt = Date.now();
    await socket.close();
    await told(eye, bob, 'offline');
    expect(Date.now() - closedAt).toBeGreaterThanOrEqual(GRACE_MS);
    const { lastSeenAt } = itemsOf(eye.of('presence'), bob.id)[0];
    expect(Math.abs(Date.parse(lastSeenAt) - closedAt)).toBeLessThan(GRACE_MS);
  });

  it('shows nothing at all of a reconnect, with or without a goodbye', async () => {
    const [ann, bob] = await world.users(2);
    const eye = await ann.connect();
    let socket = await bob.connect();
    await settled(eye);
    await watch(eye, bob);
    for (let i = 0; i < 4; i++) {
      if (i % 2 === 0) socket.ws.terminate();
      else await socket.close();
      await socket.closing();
      socket = await bob.connect();
    }
    await grace();
    await settled(eye);
    expect(statesOf(eye, bob)).toEqual([]);
  });

  it('shows offline only behind the last device', async () => {
    const [ann, bob] = await world.users(2);
    const [eye, phone, laptop] = [await ann.connect(), await bob.connect(), await bob.connect()];
    await settled(eye);
    await watch(eye, bob);
    await phone.close();
    await grace();
    await settled(eye);
    expect(statesOf(eye, bob)).toEqual([]);
    await laptop.close();
    await told(eye, bob, 'offline');
  });

  it('shows who has signed out without a grace', async () => {
    const patient = await World.create({ LIMIT_PRESENCE_GRACE_MS: '1000000', LIMIT_PRESENCE_EVERY_MS: '100' });
    const [ann, bob] = await patient.users(2);
    const [eye] = [await ann.connect(), await bob.connect()];
    await watch(eye, bob);
    await bob.call('POST', '/auth/logout');
    await eye.until(() => statesOf(eye, bob).at(-1) === 'offline', 'offline');
    expect(statesOf(eye, bob).length).toBeLessThanOrEqual(2);
    await patient.stop();
  });
});

describe('somebody invisible', () => {
  it('is told of as offline once, and of nothing that he does until he can be seen again', async () => {
    const [ann, bob] = await world.users(2);
    const eye = await ann.connect();
    let socket = await bob.connect();
    await settled(eye);
    await watch(eye, bob);
    await socket.call('presence.set', { state: 'invisible' });
    await told(eye, bob, 'offline');
    await socket.call('presence.set', { state: 'away' });
    await socket.close();
    socket = await bob.connect();
    await bob.call('PATCH', '/users/me', { displayName: 'Robert', bio: 'Hi' });
    await bob.call('PATCH', '/preferences', { receipts: false });
    await bob.call('PUT', '/presence/me', { state: 'invisible' });
    await settled(eye);
    expect(statesOf(eye, bob)).toEqual(['offline']);
    await socket.call('presence.set', { state: 'online' });
    await told(eye, bob, 'offline', 'online');
  });

  it('comes without a sound', async () => {
    const [ann, bob] = await world.users(2);
    const eye = await ann.connect();
    await bob.call('PUT', '/presence/me', { state: 'invisible' });
    await settled(eye);
    expect((await watch(eye, bob)).data.items[0]).toMatchObject({ state: 'offline', lastSeenAt: null });
    const socket = await bob.connect();
    await settled(eye);
    await socket.close();
    await grace();
    await settled(eye);
    expect(statesOf(eye, bob)).toEqual([]);
  });
});

describe('friends', () => {
  it('are watched without asking: a snapshot, then what changes; strangers and those who only asked are not', async () => {
    const [ann, bob, cid, dan] = await world.users(4);
    await world.befriend(ann, bob);
    await world.befriend(ann, cid);
    await ann.call('POST', '/friends/requests', { userId: dan.id });
    const [bobs] = [await bob.connect(), await dan.connect()];
    const eye = await ann.connect();
    const { data } = await eye.next('presence');
    const snapshot = new Map(data.items.map((item: any) => [item.userId, item.state]));
    expect(snapshot).toEqual(
      new Map([
        [bob.id, 'online'],
        [cid.id, 'offline'],
      ]),
    );
    await settled(eye);
    const sofar = statesOf(eye, bob);
    await bobs.call('presence.set', { state: 'busy' });
    await told(eye, bob, ...sofar, 'busy');
    await dan.call('PUT', '/presence/me', { state: 'busy' });
    await settled(eye);
    expect(statesOf(eye, dan)).toEqual([]);
  });

  it('are told to every device, a new one at once with a snapshot, and a removed one no more', async () => {
    const [ann, bob] = await world.users(2);
    const [eye, phone, socket] = [await ann.connect(), await ann.connect(), await bob.connect()];
    await settled(eye);
    expect(statesOf(eye, bob)).toEqual([]);
    await world.befriend(ann, bob);
    for (const one of [eye, phone]) await told(one, bob, 'online');
    await told(socket, ann, 'online');
    await ann.call('DELETE', `/friends/${bob.id}`);
    await bob.call('PUT', '/presence/me', { state: 'busy' });
    await settled(eye);
    expect([statesOf(eye, bob), statesOf(phone, bob)]).toEqual([['online'], ['online']]);
  });
});

describe('somebody invisible', () => {
  it('was last seen when he became so, however often he comes back', async () => {
    const [ann, bob] = await world.users(2);
    const lastSeen = async () => (await ann.call('GET', `/presence?userIds=${bob.id}`)).body.items[0].lastSeenAt;
    const socket = await bob.connect();
    await socket.call('presence.set', { state: 'invisible' });
    const seen = await lastSeen();
    expect(seen).not.toBeNull();
    for (let i = 0; i < 2; i++) {
      for (const own of bob.sockets) await own.close();
      await grace();
      await bob.connect();
      expect(await lastSeen()).toBe(seen);
    }
  });
});

describe('somebody who deletes his account', () => {
  it('is shown as gone to those who watch him, friends or not', async () => {
    const [ann, bob, cid] = await world.users(3);
    await world.befriend(ann, bob);
    await bob.connect();
    const [friend, watcher] = [await ann.connect(), await cid.connect({ watch: [bob.id] })];
    for (const eye of [friend, watcher]) await told(eye, bob, 'online');
    await bob.call('DELETE', '/users/me', {});
    await told(watcher, bob, 'online', 'offline');
    expect(itemsOf(watcher.of('presence'), bob.id).at(-1)).toMatchObject({ text: null, lastSeenAt: null });
    expect((await watch(watcher, bob)).data.items).toEqual([]);
  });
});

describe('a block', () => {
  const stateFor = async (viewer: Actor, of: Actor) =>
    (await viewer.call('GET', `/presence?userIds=${of.id}`)).body.items[0];

  it.each([
    ['who blocked', 0],
    ['who was blocked', 1],
  ])('hides the other one from %s in every answer and frame', async (_, side) => {
    const pair = await world.users(2);
    const [viewer, seen] = side === 0 ? pair : [...pair].reverse();
    const { id: roomId } = await world.room(pair);
    const eye = await viewer.connect({ watch: [seen.id] });
    const socket = await seen.connect();
    await eye.until(() => statesOf(eye, seen).includes('online'), 'online');
    await settled(eye);
    const sofar = statesOf(eye, seen);
    await pair[0].call('PUT', `/blocks/${pair[1].id}`);
    await told(eye, seen, ...sofar, 'offline');
    await seen.call('PUT', '/presence/me', { state: 'busy', text: 'Hiding' });
    await socket.close();
    await grace();
    await seen.connect();
    await settled(eye);
    expect(statesOf(eye, seen)).toEqual([...sofar, 'offline']);
    const nobody = { userId: seen.id, state: 'offline', text: null, emoji: null, lastSeenAt: null };
    expect(await stateFor(viewer, seen)).toEqual(nobody);
    expect((await watch(eye, seen)).data.items).toEqual([nobody]);
    const online = (await viewer.call('GET', `/rooms/${roomId}/online`)).body;
    expect([online.count, online.items.map(({ user }: any) => user.id)]).toEqual([1, [viewer.id]]);
    const again = await viewer.connect({ watch: [seen.id] });
    expect((await again.next('presence')).data.items).toEqual([nobody]);
    await pair[0].call('DELETE', `/blocks/${pair[1].id}`);
    await eye.until(() => itemsOf(eye.of('presence'), seen.id).at(-1)?.text === 'Hiding', 'sight');
    expect(await stateFor(viewer, seen)).toMatchObject({ state: 'busy', text: 'Hiding' });
  });

  it('is told as nothing to those who did not watch', async () => {
    const [ann, bob] = await world.users(2);
    const [eye, socket] = [await ann.connect(), await bob.connect()];
    await ann.call('PUT', `/blocks/${bob.id}`);
    await ann.call('DELETE', `/blocks/${bob.id}`);
    await settled(eye);
    expect([statesOf(eye, bob), statesOf(socket, ann)]).toEqual([[], []]);
  });
});

describe('a crowd that comes and goes', () => {
  const CROWD = 500;

  /** Accounts that exist, without a login each. */
  async function crowd(): Promise<string[]> {
    const ids = Array.from({ length: CROWD }, () => newUlid());
    const names = (id: string) => ({ username: id, usernameKey: id, displayName: id, displayNameKey: id });
    const rest = { role: 'user', status: 'active', preferences: '{}', rev: 0, createdAt: 0 };
    await world.app.get(UnitOfWork).run((tx) =>
      insertRows(
        tx,
        'users',
        ids.map((id) => ({ id, ...names(id), ...rest })),
      ),
    );
    return ids;
  }

  it(
    'costs a watcher no more than one frame in the time of the limit, and ends with what is true',
    { timeout: 60_000 },
    async () => {
      const [ann, bob] = await world.users(2);
      const [eye, other] = [await ann.connect(), await bob.connect()];
      const ids = await crowd();
      expect((await eye.call('presence.watch', { userIds: ids })).data.items).toHaveLength(CROWD);
      const connections = world.app.get(Connections);
      const begunAt = performance.now();
      for (let round = 0; round < 40; round++) {
        const some = ids.map((id) => {
          const near = new NearConnection(id).connection;
          const connection = connections.open(near.upgraded);
          Object.assign(connection, { login: near.login, principal: near.principal, expiresAt: Infinity });
          connections.bind(connection);
          connections.admit(connection, { id, presence: null, rev: 1 } as User);
          return connection;
        });
        await new Promise((resolve) => setTimeout(resolve, 50));
        for (const connection of some) {
          connection.closeReason = round % 2 === 0 ? 'SESSION_REVOKED' : null;
          connections.remove(connection);
        }
      }
      const isOver = () => {
        const last = new Map(itemsOfAll(eye).map(({ userId, state }) => [userId, state]));
        return last.size === CROWD && [...last.values()].every((state) => state === 'offline');
      };
      await eye.until(() => isOver() || undefined, 'everybody offline');
      const pulses = (performance.now() - begunAt) / EVERY_MS;
      expect(eye.of('presence').length).toBeLessThanOrEqual(Math.ceil(pulses) + 1);
      expect(eye.of('presence').length).toBeGreaterThan(1);
      expect(other.of('presence')).toEqual([]);
    },
  );

  const itemsOfAll = (socket: TestSocket): { userId: string; state: string }[] =>
    socket.of('presence').flatMap(({ data }) => data.items as { userId: string; state: string }[]);
});

describe('being active', () => {
  it('is what a person does, and not what his client says to have received', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann, bob]);
    await ann.say(roomId);
    const socket = await bob.connect();
    const connection = [...world.app.get(Connections)].find(({ userId }) => userId === bob.id)!;
    connection.activeAt = 1;
    await socket.call('room.read', { roomId, readSeq: 0, deliveredSeq: 1 });
    expect(connection.activeAt).toBe(1);
    await socket.call('room.read', { roomId, readSeq: 1 });
    expect(connection.activeAt).toBeGreaterThan(1);
  });
});
