import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AbilitiesView,
  type AbilityView,
  ROOM_ABILITIES,
  type RoomAbility,
} from '../../src/protocol/room-views.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

interface Scene {
  readonly roomId: string;
  readonly owner: Actor;
  /** A plain member, whom things may be done to. */
  readonly target: Actor;
  /** Somebody who is not in the room. */
  readonly stranger: Actor;
  readonly caller: Actor;
}

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Calls by one who surely may, or the scene is not what it says. */
async function must(answer: Promise<Answer>): Promise<any> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`the scene could not be set: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Who the caller is: comes into the room, or not. */
const ROLES: Record<string, (scene: Scene) => Promise<void>> = {
  owner: async () => undefined,
  admin: async ({ owner, roomId, caller }) => {
    await must(owner.call('PUT', `/rooms/${roomId}/members/${caller.id}`, { role: 'admin' }));
  },
  member: async ({ owner, roomId, caller }) => {
    await must(owner.call('PUT', `/rooms/${roomId}/members/${caller.id}`, {}));
  },
  'no member': async () => undefined,
  banned: async ({ owner, roomId, caller }) => {
    await must(owner.call('PUT', `/rooms/${roomId}/bans/${caller.id}`, {}));
  },
};

/** How the room, or the caller in it, is. */
const STATES: Record<string, (scene: Scene) => Promise<void>> = {
  'as it was made': async () => undefined,
  'read-only': async ({ owner, roomId }) => {
    await must(owner.call('PATCH', `/rooms/${roomId}`, { settings: { readOnly: true } }));
  },
  'in slow mode': async ({ owner, roomId, caller }) => {
    await must(owner.call('PATCH', `/rooms/${roomId}`, { settings: { slowModeSeconds: 600 } }));
    await caller.call('POST', `/rooms/${roomId}/messages`, { text: 'the last for a while' });
  },
  archived: async ({ owner, roomId }) => {
    await must(owner.call('POST', `/rooms/${roomId}/archive`));
  },
  'with the caller muted': async ({ owner, roomId, caller }) => {
    await owner.call('PUT', `/rooms/${roomId}/members/${caller.id}`, { mutedUntil: inMs(600_000) });
  },
  'read-only and slow, with the caller muted, and archived': async (scene) => {
    await STATES['in slow mode'](scene);
    for (const state of ['with the caller muted', 'read-only', 'archived']) await STATES[state](scene);
  },
};

/** The call of each action; those that are not here have none yet. */
const CALLS: Partial<Record<RoomAbility, (scene: Scene) => Promise<Answer>>> = {
  'message.send': ({ caller, roomId }) => caller.call('POST', `/rooms/${roomId}/messages`, { text: 'hello' }),
  'member.add': ({ caller, roomId, stranger }) => caller.call('PUT', `/rooms/${roomId}/members/${stranger.id}`, {}),
  'member.remove': ({ caller, roomId, target }) => caller.call('DELETE', `/rooms/${roomId}/members/${target.id}`),
  'member.ban': ({ caller, roomId, target }) => caller.call('PUT', `/rooms/${roomId}/bans/${target.id}`, {}),
  'role.change': ({ caller, roomId, target }) =>
    caller.call('PUT', `/rooms/${roomId}/members/${target.id}`, { role: 'admin' }),
  'room.update': ({ caller, roomId }) => caller.call('PATCH', `/rooms/${roomId}`, { topic: newUlid() }),
  'room.archive': ({ caller, roomId }) => caller.call('POST', `/rooms/${roomId}/archive`),
  'invite.create': ({ caller, roomId }) => caller.call('POST', `/rooms/${roomId}/invites`, {}),
  'room.leave': ({ caller, roomId }) => caller.call('POST', `/rooms/${roomId}/leave`),
};
const CALLED = Object.keys(CALLS) as RoomAbility[];

async function setScene(visibility: 'public' | 'private', role: string, state: string): Promise<Scene> {
  const [owner, target, stranger, other] = await world.users(4);
  const { id: roomId } = await world.room([owner, target], { visibility });
  const scene = { roomId, owner, target, stranger, caller: role === 'owner' ? owner : other };
  await ROLES[role](scene);
  await STATES[state](scene);
  return scene;
}

/** What the ability says, and what the call then does, in the same words. */
async function compare(action: RoomAbility, scene: Scene): Promise<[unknown, unknown]> {
  const asked = await scene.caller.call<AbilitiesView>('GET', `/rooms/${scene.roomId}/abilities`);
  const answer = await CALLS[action]!(scene);
  const done = answer.status < 300 ? 'allowed' : answer.body.code;
  if (asked.status !== 200) return [(asked.body as any).code, done];
  const { allowed, code, until } = asked.body[action];
  expect(allowed).toBe(code === undefined);
  expectEnd(action, { allowed, code, until }, answer);
  return [allowed ? 'allowed' : code, done];
}

/** The end that is told is the end that the refusal has. */
function expectEnd(action: string, { code, until }: AbilityView, { body }: Answer): void {
  if (code === 'MUTED') expect([action, body.until]).toEqual([action, until]);
  if (code !== 'SLOW_MODE') return;
  const told = Date.parse(until ?? '') - Date.now();
  expect(Math.abs(told - body.retryAfterMs)).toBeLessThan(5000);
}

/** What a send comes to in a direct room. */
const SENDS: Record<string, string> = {
  archived: 'ROOM_ARCHIVED',
  'of who blocked': 'BLOCKED',
  'of who is blocked': 'BLOCKED',
  'closed to the caller': 'CONTACT_CLOSED',
};

const cases = (['public', 'private'] as const).flatMap((visibility) =>
  Object.keys(ROLES).flatMap((role) => Object.keys(STATES).map((state) => [visibility, role, state] as const)),
);

describe('abilities agree with what the call does', () => {
  it.each(cases)('in a %s room, for the %s, %s', async (visibility, role, state) => {
    const found: unknown[] = [];
    const wanted: unknown[] = [];
    // A scene for several actions; those that end something have one each.
    const quiet: RoomAbility[] = ['message.send', 'room.update', 'invite.create', 'member.add', 'role.change'];
    const shared = await setScene(visibility, role, state);
    for (const action of CALLED) {
      const scene = quiet.includes(action) ? shared : await setScene(visibility, role, state);
      const [told, done] = await compare(action, scene);
      found.push([action, told]);
      wanted.push([action, done]);
    }
    expect(found).toEqual(wanted);
  });

  const direct = [
    'as it was made',
    'archived',
    'with notes',
    'of who blocked',
    'of who is blocked',
    'closed to the caller',
  ];
  it.each(direct)('in a direct room, %s', async (state) => {
    const [caller, target, stranger] = await world.users(3);
    const userId = state.includes('notes') ? caller.id : target.id;
    const { id: roomId } = await must(caller.call('POST', '/rooms/direct', { userId }));
    if (state === 'of who blocked') await must(caller.call('PUT', `/blocks/${target.id}`));
    if (state === 'of who is blocked') await must(target.call('PUT', `/blocks/${caller.id}`));
    if (state === 'closed to the caller') await must(target.call('PATCH', '/preferences', { contact: 'nobody' }));
    if (state === 'archived') await world.app.rows('UPDATE rooms SET archivedAt = 1 WHERE id = ?', [roomId]);
    const scene = { roomId, owner: target, target, stranger, caller };
    for (const action of CALLED) {
      const [told, done] = await compare(action, scene);
      expect([action, told]).toEqual([action, done]);
      if (action === 'message.send') expect(told).toBe(SENDS[state] ?? 'allowed');
    }
  });

  it('of everybody who has no say: a private room is not known', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann]);
    expect((await bob.call('GET', `/rooms/${id}/abilities`)).status).toBe(404);
    expect((await bob.call('GET', `/rooms/${newUlid()}/abilities`)).status).toBe(404);
  });
});

describe('GET /rooms/:id/abilities', () => {
  const allowedOf = (abilities: AbilitiesView) => ROOM_ABILITIES.filter((name) => abilities[name].allowed);
  const ofCaller = async ({ caller, roomId }: Scene) =>
    (await caller.call<AbilitiesView>('GET', `/rooms/${roomId}/abilities`)).body;

  it('names every action once, for each role', async () => {
    const of = async (role: string) => ofCaller(await setScene('public', role, 'as it was made'));
    const owner = await of('owner');
    expect(Object.keys(owner).sort()).toEqual([...ROOM_ABILITIES].sort());
    expect(allowedOf(owner)).toEqual([...ROOM_ABILITIES]);
    const admin = await of('admin');
    expect(ROOM_ABILITIES.filter((name) => !admin[name].allowed)).toEqual(['role.change', 'room.archive']);
    expect(allowedOf(await of('member'))).toEqual(['message.send', 'message.edit', 'message.delete', 'room.leave']);
    expect(allowedOf(await of('no member'))).toEqual([]);
  });

  it('lets a member whose room is slow edit, and one who is muted delete alone', async () => {
    const slow = await ofCaller(await setScene('private', 'member', 'in slow mode'));
    expect(allowedOf(slow)).toEqual(['message.edit', 'message.delete', 'room.leave']);
    expect(slow['message.send']).toMatchObject({ allowed: false, code: 'SLOW_MODE', until: expect.any(String) });
    const muted = await ofCaller(await setScene('private', 'member', 'with the caller muted'));
    expect(allowedOf(muted)).toEqual(['message.delete', 'room.leave']);
    const admin = await ofCaller(await setScene('private', 'admin', 'with the caller muted'));
    expect(admin['message.mentionAll']).toMatchObject({ allowed: false, code: 'MUTED', until: expect.any(String) });
  });

  it('lets both of a direct room write and pin, and manage nothing', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await must(ann.call('POST', '/rooms/direct', { userId: bob.id }));
    const { body } = await bob.call<AbilitiesView>('GET', `/rooms/${id}/abilities`);
    expect(allowedOf(body)).toEqual(['message.send', 'message.edit', 'message.delete', 'message.pin']);
  });
});
