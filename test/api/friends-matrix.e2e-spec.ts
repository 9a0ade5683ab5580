import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { UsersService } from '../../src/users/users.service.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

/** What stands between two people before one of them asks for something. */
interface Between {
  readonly one: Actor;
  readonly other: Actor;
  readonly directId: string;
  /** The id of the last request between them; one that nothing has where there was none. */
  readonly requestId: string;
}

const suspend = (actor: Actor) => world.app.get(UsersService).suspend(Principal.system('a test'), actor.id, 'a test');
const request = async (from: Actor, to: Actor) =>
  (await from.call('POST', '/friends/requests', { userId: to.id })).body.id as string;

/** How the first stands to the second; gives the id of a request where there is one. */
const RELATIONS = {
  stranger: () => Promise.resolve(undefined),
  friend: async (one, other) => {
    const id = await request(other, one);
    await one.call('POST', `/friends/requests/${id}/accept`);
    return id;
  },
  asker: (one, other) => request(one, other),
  asked: (one, other) => request(other, one),
  blocked: async (one, other) => void (await other.call('PUT', `/blocks/${one.id}`)),
  blocker: async (one, other) => void (await one.call('PUT', `/blocks/${other.id}`)),
  'friend of a suspended one': async (one, other) => {
    await world.befriend(one, other);
    await suspend(other);
  },
  suspended: (one) => suspend(one),
} satisfies Record<string, (one: Actor, other: Actor) => Promise<string | void>>;

const ROUTES = {
  ask: ({ one, other }) => one.call('POST', '/friends/requests', { userId: other.id }),
  accept: ({ one, requestId }) => one.call('POST', `/friends/requests/${requestId}/accept`),
  decline: ({ one, requestId }) => one.call('POST', `/friends/requests/${requestId}/decline`),
  cancel: ({ one, requestId }) => one.call('DELETE', `/friends/requests/${requestId}`),
  alias: ({ one, other }) => one.call('PATCH', `/friends/${other.id}`, { alias: 'Pal' }),
  remove: ({ one, other }) => one.call('DELETE', `/friends/${other.id}`),
  block: ({ one, other }) => one.call('PUT', `/blocks/${other.id}`),
  unblock: ({ one, other }) => one.call('DELETE', `/blocks/${other.id}`),
  openDirect: ({ one, other }) => one.call('POST', '/rooms/direct', { userId: other.id }),
  sendDirect: ({ one, directId }) => one.call('POST', `/rooms/${directId}/messages`, { id: newUlid(), text: 'hi' }),
  friends: ({ one }) => one.call('GET', '/friends'),
  incoming: ({ one }) => one.call('GET', '/friends/requests?direction=incoming'),
  outgoing: ({ one }) => one.call('GET', '/friends/requests?direction=outgoing'),
  blocks: ({ one }) => one.call('GET', '/blocks'),
} satisfies Record<string, (between: Between) => Promise<Answer>>;

type Relation = keyof typeof RELATIONS;
type Route = keyof typeof ROUTES;

const NONE = '200 of 0';
const ONE = '200 of 1';
const REFUSED = '403 FORBIDDEN';

/** What a stranger gets; each other row says in what it differs. */
const STRANGER: Record<Route, string> = {
  ask: '201',
  accept: '404',
  decline: '404',
  cancel: '404',
  alias: '404',
  remove: '404',
  block: '200',
  unblock: '404',
  openDirect: '200',
  sendDirect: '201',
  friends: NONE,
  incoming: NONE,
  outgoing: NONE,
  blocks: NONE,
};
const BLOCKED = { ask: '403 BLOCKED', sendDirect: '403 BLOCKED' };

const EXPECTED: Record<Relation, Record<Route, string>> = {
  stranger: STRANGER,
  friend: { ...STRANGER, ask: '409 CONFLICT', accept: '204', alias: '200', remove: '204', friends: ONE },
  asker: { ...STRANGER, ask: '200', accept: REFUSED, decline: REFUSED, cancel: '204', outgoing: ONE },
  asked: { ...STRANGER, accept: '204', decline: '204', cancel: REFUSED, incoming: ONE },
  blocked: { ...STRANGER, ...BLOCKED },
  blocker: { ...STRANGER, ...BLOCKED, unblock: '204', blocks: ONE },
  'friend of a suspended one': { ...STRANGER, ask: '404' },
  suspended: Object.fromEntries(Object.keys(ROUTES).map((route) => [route, '401 UNAUTHORIZED'])) as Record<
    Route,
    string
  >,
};

function inShort({ status, body }: Answer): string {
  if (body?.code) return status === 404 ? '404' : `${status} ${body.code}`;
  return Array.isArray(body?.items) ? `${status} of ${body.items.length}` : String(status);
}

describe('what one may do who is to another', () => {
  it.each(Object.keys(EXPECTED) as Relation[])('%s', async (relation) => {
    const found: Record<string, string> = {};
    for (const [route, call] of Object.entries(ROUTES)) {
      const [one, other] = await world.users(2);
      const directId = (await one.call('POST', '/rooms/direct', { userId: other.id })).body.id as string;
      const requestId = (await RELATIONS[relation](one, other)) ?? newUlid();
      found[route] = inShort(await call({ one, other, directId, requestId }));
    }
    expect(found).toEqual(EXPECTED[relation]);
  });

  it('the same with an account and as a guest', async () => {
    const guest = await world.user();
    const member = await world.account('matrix.member');
    for (const [one, other] of [
      [guest, member],
      [member, await world.user()],
    ]) {
      const directId = (await one.call('POST', '/rooms/direct', { userId: other.id })).body.id as string;
      const between = { one, other, directId, requestId: newUlid() };
      expect(inShort(await ROUTES.ask(between))).toBe('201');
      for (const route of ['sendDirect', 'openDirect', 'block', 'unblock'] as const) {
        expect([route, Number.parseInt(inShort(await ROUTES[route](between)), 10) < 300]).toEqual([route, true]);
      }
    }
  });
});
