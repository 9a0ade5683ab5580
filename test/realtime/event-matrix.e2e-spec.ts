import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { DURABLE_EVENTS, EPHEMERAL_EVENTS, PRIVATE_EVENTS } from '../../src/protocol/events.js';
import { UsersService } from '../../src/users/users.service.js';
import type { TestStream } from '../support/event-stream.js';
import type { FrameLog } from '../support/frame-log.js';
import type { Frame, TestSocket } from '../support/socket.js';
import { type Actor, World } from '../support/world.js';

/** Presence and receipts are told this often here. */
const EVERY = { LIMIT_PRESENCE_EVERY_MS: '100', LIMIT_RECEIPTS_EVERY_MS: '100', LIMIT_PRESENCE_GRACE_MS: '100' };

let world: World;
beforeAll(async () => {
  world = await World.create(EVERY);
});
afterAll(() => world?.stop());

/**
 * How everybody stands to Ann, who owns the room and whom everything is about. All watch her. `ann2` is another device
 * of hers, `open` a member's connection that has other rooms open. Everybody also has a stream of events, which must be told
 * the very same as his socket.
 */
const ROLES = [
  'ann',
  'ann2',
  'member',
  'open',
  'invisible',
  'blocked',
  'blocker',
  'friend',
  'outsider',
  'left',
  'removed',
  'banned',
  'suspended',
] as const;
type Role = (typeof ROLES)[number];

const INSIDE = ['ann', 'ann2', 'member', 'invisible', 'blocked', 'blocker'] as const;
const OTHERS_INSIDE = ['member', 'invisible'] as const;
const HER_OWN = ['ann', 'ann2'] as const;

interface Scene {
  readonly roomId: string;
  readonly people: Readonly<Record<Role, Actor>>;
  readonly sockets: Readonly<Record<Role, TestSocket>>;
  readonly streams: Readonly<Record<Role, TestStream>>;
}

async function setScene(): Promise<Scene> {
  const [ann, member, invisible, blocked, blocker, friend, outsider, left, removed, banned] = await world.users(10);
  const suspended = await world.user();
  const people = {
    ann,
    ann2: ann,
    member,
    open: member,
    invisible,
    blocked,
    blocker,
    friend,
    outsider,
    left,
    removed,
    banned,
    suspended,
  };
  const room = await world.room([ann, member, invisible, blocked, blocker, left, removed, banned, suspended]);
  const sockets: Partial<Record<Role, TestSocket>> = {};
  const streams: Partial<Record<Role, TestStream>> = {};
  const watch = [ann.id];
  for (const role of ROLES) {
    const watching = people[role] === ann ? {} : { watch };
    sockets[role] = await people[role].connect(role === 'open' ? { follow: 'open', open: [], watch } : watching);
    const query = people[role] === ann ? '' : `watch=${ann.id}`;
    streams[role] = await people[role].stream({ query: `?${role === 'open' ? `follow=open&${query}` : query}` });
  }
  await world.befriend(ann, friend);
  await ann.call('PUT', `/blocks/${blocked.id}`);
  await blocker.call('PUT', `/blocks/${ann.id}`);
  await invisible.call('PUT', '/presence/me', { state: 'invisible' });
  await left.call('POST', `/rooms/${room.id}/leave`);
  await ann.call('DELETE', `/rooms/${room.id}/members/${removed.id}`);
  await ann.call('PUT', `/rooms/${room.id}/bans/${banned.id}`, {});
  await world.app.get(UsersService).suspend(Principal.system('a test'), suspended.id, 'a test');
  const scene = {
    roomId: room.id,
    people,
    sockets: sockets as Record<Role, TestSocket>,
    streams: streams as Record<Role, TestStream>,
  };
  await settle(scene);
  return scene;
}

/** What was begun before has reached everybody, or never will: presence comes twice a tick at most. */
async function settle({ sockets }: Scene): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 350));
  for (const role of ROLES) if (!sockets[role].closed) await sockets[role].call('ping');
}

/** Who is told of what, and how it comes to be. */
interface Case {
  readonly cause: (scene: Scene) => Promise<unknown>;
  readonly told: readonly Role[];
  /** Whether a frame of this kind is the one that was caused. */
  readonly isIt?: (frame: Frame, scene: Scene) => boolean;
}

const inRoom = (frame: Frame, { roomId }: Scene): boolean => frame.roomId === roomId || frame.data.roomId === roomId;
const ofAnn = (frame: Frame, { people }: Scene): boolean =>
  (frame.data.items as { userId: string; state: string }[]).some(
    ({ userId, state }) => userId === people.ann.id && state === 'busy',
  );
const call =
  (method: string, path: (scene: Scene) => string, body?: (scene: Scene) => unknown) =>
  async (scene: Scene): Promise<void> => {
    const { status, body: answer } = await scene.people.ann.call(method, path(scene), body?.(scene));
    expect([path(scene), status < 300, answer?.code]).toEqual([path(scene), true, answer?.code]);
  };
const ofNewMessage =
  (change: (ann: Actor, id: string) => Promise<{ status: number }>) =>
  async ({ people: { ann }, roomId }: Scene): Promise<void> => {
    expect((await change(ann, (await ann.say(roomId)).id)).status).toBeLessThan(300);
  };
const roomPath = (more: string) => (scene: Scene) => `/rooms/${scene.roomId}${more}`;
const memberPath = (role: Role) => (scene: Scene) => `/rooms/${scene.roomId}/members/${scene.people[role].id}`;
const requestFrom = async ({ people: { ann, outsider } }: Scene) =>
  (await outsider.call('POST', '/friends/requests', { userId: ann.id })).body.id as string;

const CASES: Readonly<Record<string, Case>> = {
  'message.created': { cause: ({ people: { ann }, roomId }) => ann.say(roomId), told: INSIDE, isIt: inRoom },
  'message.edited': {
    cause: ofNewMessage((ann, id) => ann.call('PATCH', `/messages/${id}`, { text: 'otherwise' })),
    told: INSIDE,
    isIt: inRoom,
  },
  'message.deleted': {
    cause: ofNewMessage((ann, id) => ann.call('DELETE', `/messages/${id}`)),
    told: INSIDE,
    isIt: inRoom,
  },
  'message.reacted': {
    cause: ofNewMessage((ann, id) => ann.call('PUT', `/messages/${id}/reactions/${encodeURIComponent('👍')}`)),
    told: INSIDE,
    isIt: inRoom,
  },
  'message.pinned': {
    cause: ofNewMessage((ann, id) => ann.call('PUT', `/messages/${id}/pin`)),
    told: INSIDE,
    isIt: inRoom,
  },
  'room.updated': { cause: call('PATCH', roomPath(''), () => ({ topic: 'Roses' })), told: INSIDE, isIt: inRoom },
  'member.joined': {
    cause: call('PUT', memberPath('outsider'), () => ({})),
    told: [...INSIDE, 'outsider'],
    isIt: inRoom,
  },
  'member.left': {
    cause: ({ people: { blocked }, roomId }) => blocked.call('POST', `/rooms/${roomId}/leave`),
    told: INSIDE.filter((role) => role !== 'blocked'),
    isIt: inRoom,
  },
  'member.removed': {
    cause: call('DELETE', memberPath('blocker')),
    told: INSIDE.filter((role) => role !== 'blocker'),
    isIt: inRoom,
  },
  'member.updated': { cause: call('PUT', memberPath('member'), () => ({ role: 'admin' })), told: INSIDE, isIt: inRoom },
  'room.activity': { cause: ({ people: { ann }, roomId }) => ann.say(roomId), told: ['open'], isIt: inRoom },

  'room.added': { cause: call('PUT', memberPath('outsider'), () => ({})), told: ['outsider'] },
  'room.gone': { cause: call('DELETE', memberPath('member')), told: ['member', 'open'], isIt: inRoom },
  'read.updated': {
    cause: async (scene) => {
      await scene.people.ann.say(scene.roomId);
      await call('POST', roomPath('/read'), () => ({ readSeq: 0, unread: true }))(scene);
    },
    told: HER_OWN,
    isIt: (frame, scene) => inRoom(frame, scene) && frame.data.readVersion === 1,
  },
  'membership.updated': { cause: call('PATCH', roomPath('/me'), () => ({ alias: 'Garden' })), told: HER_OWN },
  'profile.updated': {
    cause: call(
      'PATCH',
      () => '/users/me',
      () => ({ bio: 'Roses' }),
    ),
    told: HER_OWN,
  },
  'preferences.updated': {
    cause: call(
      'PATCH',
      () => '/preferences',
      () => ({ contact: 'friends' }),
    ),
    told: HER_OWN,
  },
  'friend.requested': { cause: requestFrom, told: [...HER_OWN, 'outsider'] },
  'friend.accepted': {
    cause: async (scene) => {
      const id = await requestFrom(scene);
      await scene.people.ann.call('POST', `/friends/requests/${id}/accept`);
    },
    told: [...HER_OWN, 'outsider'],
    isIt: ({ data }, { people }) => [people.ann.id, people.outsider.id].includes(data.id),
  },
  'friend.requestClosed': {
    cause: async (scene) => {
      const id = await requestFrom(scene);
      await scene.people.ann.call('POST', `/friends/requests/${id}/decline`);
    },
    told: [...HER_OWN, 'outsider'],
  },
  'friend.updated': {
    cause: call(
      'PATCH',
      ({ people }) => `/friends/${people.friend.id}`,
      () => ({ alias: 'Pal' }),
    ),
    told: HER_OWN,
  },
  'friend.removed': {
    cause: call('DELETE', ({ people }) => `/friends/${people.friend.id}`),
    told: [...HER_OWN, 'friend'],
  },
  'block.updated': { cause: call('PUT', ({ people }) => `/blocks/${people.member.id}`), told: HER_OWN },

  presence: {
    cause: ({ sockets }) => sockets.ann.call('presence.set', { state: 'busy' }),
    told: ['member', 'open', 'invisible', 'friend', 'outsider', 'left', 'removed', 'banned'],
    isIt: ofAnn,
  },
  typing: {
    cause: ({ sockets, roomId }) => sockets.ann.call('room.typing', { roomId, typing: true }),
    told: OTHERS_INSIDE,
    isIt: inRoom,
  },
  receipt: {
    cause: async ({ people, sockets, roomId }) => {
      await people.member.say(roomId);
      await sockets.ann.call('room.read', { roomId, readSeq: 1 });
    },
    told: OTHERS_INSIDE,
    isIt: (frame, scene) => inRoom(frame, scene) && frame.data.userId === scene.people.ann.id,
  },
};

/** What is about the connection that gets it alone: it says nothing of anybody else. */
const OF_THE_CONNECTION = [
  'hello',
  'session.ready',
  'session.caughtUp',
  'session.expiring',
  'room.stale',
  'user.stale',
  'user.skip',
  'heartbeat',
  'goodbye',
  'error',
];

type Way = 'sockets' | 'streams';
type Counts = Readonly<Record<Role, number>>;

const countsOf = (logs: Readonly<Record<Role, FrameLog>>): Counts =>
  Object.fromEntries(ROLES.map((role) => [role, logs[role].frames.length])) as Record<Role, number>;

const told = (scene: Scene, event: string, { way, from }: { way: Way; from: Counts }): Role[] =>
  ROLES.filter((role) =>
    scene[way][role].frames
      .slice(from[role])
      .some((frame) => frame.event === event && (CASES[event].isIt?.(frame, scene) ?? true)),
  );

describe('who is told of what', () => {
  it('is said of every kind of event', () => {
    const kinds = Object.keys({ ...DURABLE_EVENTS, ...PRIVATE_EVENTS, ...EPHEMERAL_EVENTS });
    expect([...Object.keys(CASES), ...OF_THE_CONNECTION].sort()).toEqual(kinds.sort());
  });

  it.each(Object.entries(CASES))('%s', async (event, { cause, told: expected }) => {
    const scene = await setScene();
    const ways = (['sockets', 'streams'] as const).map((way) => ({ way, from: countsOf(scene[way]) }));
    await cause(scene);
    for (const way of ways) {
      const look = () => told(scene, event, way);
      await expect.poll(look, { timeout: 5000 }).toEqual(expect.arrayContaining([...expected]));
    }
    await settle(scene);
    for (const way of ways) {
      expect([way.way, told(scene, event, way)]).toEqual([way.way, ROLES.filter((role) => expected.includes(role))]);
    }
    expect(scene.sockets.suspended.closed?.code).toBe(4201);
    expect(scene.streams.suspended.of('goodbye')[0].data.code).toBe(4201);
  });
});
