import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { Clock } from '../../src/common/clock.js';
import { DatabaseLogger } from '../../src/database/logger.js';
import type { ChatEvents } from '../../src/events/chat-events.js';
import { EventHub } from '../../src/events/event-hub.js';
import { FriendsQueries } from '../../src/friends/friends.queries.js';
import type { BlockView, FriendRequestView, FriendView, Page } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { engine } from '../support/engine.js';
import { formOf, pictureOf, upload } from '../support/pictures.js';
import type { TestSocket } from '../support/socket.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());
afterEach(() => vi.restoreAllMocks());

const inShort = ({ status, body }: Answer) => (body?.code ? `${status} ${body.code}` : String(status));
const ask = (from: Actor, to: { id: string }, more: object = {}, headers?: Record<string, string>) =>
  from.call('POST', '/friends/requests', { userId: to.id, ...more }, headers);
const accept = (actor: Actor, id: string) => actor.call('POST', `/friends/requests/${id}/accept`);
const decline = (actor: Actor, id: string) => actor.call('POST', `/friends/requests/${id}/decline`);
const cancel = (actor: Actor, id: string) => actor.call('DELETE', `/friends/requests/${id}`);
const remove = (actor: Actor, friend: Actor) => actor.call('DELETE', `/friends/${friend.id}`);
const block = (actor: Actor, other: { id: string }) => actor.call('PUT', `/blocks/${other.id}`);
const unblock = (actor: Actor, other: Actor) => actor.call('DELETE', `/blocks/${other.id}`);
const friends = async (actor: Actor) => (await actor.call<Page<FriendView>>('GET', '/friends')).body.items;
const friendIds = async (actor: Actor) => (await friends(actor)).map(({ id }) => id);
const requests = async (actor: Actor, direction: string) =>
  (await actor.call<Page<FriendRequestView>>('GET', `/friends/requests?direction=${direction}`)).body.items;
const counts = async (actor: Actor) => (await actor.call('GET', '/sync')).body.friends;
const suspend = (actor: Actor) => world.app.get(UsersService).suspend(Principal.system('a test'), actor.id, 'a test');

const deleteAccount = (actor: Actor) => actor.call('DELETE', '/users/me');

async function pages<T>(actor: Actor, path: string, limit: number): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const place: string = cursor && `&cursor=${cursor}`;
    const { status, body } = await actor.call<Page<T>>('GET', `${path}limit=${limit}${place}`);
    expect(status).toBe(200);
    found.push(...body.items);
    cursor = body.next;
  }
  return found;
}

/** Private frames of friends and blocks, in short. */
const FRIENDLY = /^(friend|block)\./;
const told = (socket: TestSocket) =>
  socket.frames.filter(({ event }) => FRIENDLY.test(event)).map(({ event, data }) => [event, data] as const);

/** Everybody's two devices, and a stranger's, who must hear nothing. */
async function listening(...actors: Actor[]) {
  const stranger = await world.user('Stranger');
  const sockets = new Map<Actor, TestSocket[]>();
  for (const actor of [...actors, stranger]) sockets.set(actor, [await actor.connect(), await actor.connect()]);
  const settle = () => Promise.all([...sockets.values()].flat().map((socket) => socket.call('ping')));
  return {
    /** What each device of each has heard; both devices of one heard the same, and userRevs had no hole. */
    async heard(): Promise<Map<Actor, (readonly [string, any])[]>> {
      await settle();
      const all = new Map<Actor, (readonly [string, any])[]>();
      for (const [actor, [one, other]] of sockets) {
        expect(told(other)).toEqual(told(one));
        const revs = one.frames.filter(({ userRev }) => userRev !== undefined).map(({ userRev }) => userRev as number);
        expect(revs).toEqual(revs.map((_, i) => revs[0] + i));
        const { body } = await actor.call('GET', '/users/me');
        if (revs.length > 0) expect(body.userRev).toBe(revs.at(-1));
        expect(one.of('user.stale')).toEqual([]);
        all.set(actor, told(one));
      }
      expect(all.get(stranger)).toEqual([]);
      return all;
    },
    forget: () => [...sockets.values()].flat().forEach((socket) => socket.forget()),
  };
}

describe('POST /friends/requests', () => {
  it('makes a request with a note, which both see and are told of on all devices', async () => {
    const [ann, bob] = await world.users(2);
    const ears = await listening(ann, bob);
    const { status, body } = await ask(ann, bob, { message: ' It is me ' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      from: expect.objectContaining({ id: ann.id, displayName: 'User 1' }),
      to: expect.objectContaining({ id: bob.id }),
      message: 'It is me',
      createdAt: expect.any(String),
    });
    expect([await requests(ann, 'outgoing'), await requests(ann, 'incoming')]).toEqual([[body], []]);
    expect([await requests(bob, 'incoming'), await requests(bob, 'outgoing')]).toEqual([[body], []]);
    expect([await counts(ann), await counts(bob)]).toEqual([
      { requestsIn: 0, requestsOut: 1 },
      { requestsIn: 1, requestsOut: 0 },
    ]);
    const heard = await ears.heard();
    for (const actor of [ann, bob]) expect(heard.get(actor)).toEqual([['friend.requested', body]]);
    expect([await friends(ann), await friends(bob)]).toEqual([[], []]);
  });

  it('asked again is the same request, and told once', async () => {
    const [ann, bob] = await world.users(2);
    const ears = await listening(ann, bob);
    const first = await ask(ann, bob, { message: 'one' });
    const again = await ask(ann, bob, { message: 'two' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await ears.heard()).get(bob)).toHaveLength(1);
  });

  it('of both makes friends of them', async () => {
    const [ann, bob] = await world.users(2);
    await ask(ann, bob);
    const { status, body } = await ask(bob, ann);
    expect([status, body.id, body.alias, typeof body.since]).toEqual([201, ann.id, null, 'string']);
    expect([await friendIds(ann), await friendIds(bob)]).toEqual([[bob.id], [ann.id]]);
    expect([await counts(ann), await requests(bob, 'incoming')]).toEqual([{ requestsIn: 0, requestsOut: 0 }, []]);
    expect(inShort(await ask(ann, bob))).toBe('409 CONFLICT');
  });

  it('with a key that was used is the request that was made then, whatever became of it', async () => {
    const [ann, bob] = await world.users(2);
    const headers = { 'idempotency-key': 'once' };
    const first = await ask(ann, bob, {}, headers);
    const again = await ask(ann, bob, {}, headers);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(inShort(await ask(ann, bob, { message: 'other' }, headers))).toBe('409 IDEMPOTENCY_CONFLICT');
    await accept(bob, first.body.id);
    expect((await ask(ann, bob, {}, headers)).body).toMatchObject({ id: bob.id, since: expect.any(String) });
    await remove(bob, ann);
    expect(inShort(await ask(ann, bob, {}, headers))).toBe('410 GONE');
    expect(await requests(bob, 'incoming')).toEqual([]);
  });

  it('refuses oneself, nobody, and what is no request', async () => {
    const [ann, gone, bad] = await world.users(3);
    await deleteAccount(gone);
    await suspend(bad);
    const self = await ask(ann, ann);
    expect([inShort(self), self.body.errors[0].path]).toEqual(['422 VALIDATION_FAILED', 'userId']);
    for (const nobody of [gone, bad, { id: newUlid() }]) expect(inShort(await ask(ann, nobody))).toBe('404 NOT_FOUND');
    for (const body of [{}, { userId: 'x' }, { userId: bad.id, message: 'x'.repeat(501) }, { userId: bad.id, x: 1 }]) {
      expect(inShort(await ann.call('POST', '/friends/requests', body))).toBe('422 VALIDATION_FAILED');
    }
    expect(await counts(ann)).toEqual({ requestsIn: 0, requestsOut: 0 });
  });
});

describe('both asking at the same moment', () => {
  it('makes one friendship, told once to each, whoever was first', async () => {
    for (let round = 0; round < 10; round++) {
      const [ann, bob] = await world.users(2);
      const ears = await listening(ann, bob);
      const answers = await Promise.all([ask(ann, bob), ask(bob, ann)]);
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      const heard = await ears.heard();
      for (const actor of [ann, bob]) {
        expect(heard.get(actor)?.map(([event]) => event)).toEqual(['friend.requested', 'friend.accepted']);
      }
      expect([await friendIds(ann), await friendIds(bob)]).toEqual([[bob.id], [ann.id]]);
      expect(await counts(ann)).toEqual({ requestsIn: 0, requestsOut: 0 });
      expect(
        await world.app.rows('SELECT state FROM friendships WHERE requestedBy IN (?, ?)', [ann.id, bob.id]),
      ).toEqual([{ state: 'accepted' }]);
    }
  });

  it('while others accept, cancel and decline ends in one state that all agree on', async () => {
    for (let round = 0; round < 10; round++) {
      const [ann, bob] = await world.users(2);
      const ears = await listening(ann, bob);
      const { body } = await ask(ann, bob);
      const answers = await Promise.all([
        accept(bob, body.id),
        cancel(ann, body.id),
        decline(bob, body.id),
        ask(bob, ann),
        block(ann, bob),
      ]);
      for (const answer of answers)
        expect(inShort(answer)).toMatch(/^(20[014]|404 NOT_FOUND|403 BLOCKED|409 CONFLICT)$/);
      const heard = await ears.heard();
      expect(await friendIds(ann)).toEqual([]);
      expect(await friendIds(bob)).toEqual([]);
      for (const actor of [ann, bob]) expect(await counts(actor)).toEqual({ requestsIn: 0, requestsOut: 0 });
      // What began has ended, in what both were told.
      for (const actor of [ann, bob]) {
        const events = heard.get(actor)?.map(([event]) => event) ?? [];
        const open = events.filter((event) => event === 'friend.requested').length;
        const closed = events.filter((event) => /requestClosed|accepted/.test(event)).length;
        const begun = events.filter((event) => event === 'friend.accepted').length;
        const ended = events.filter((event) => event === 'friend.removed').length;
        expect([open, begun]).toEqual([closed, ended]);
      }
    }
  });
});

describe('what becomes of a request', () => {
  it('accepted: friends on both sides, told to both with each other', async () => {
    const [ann, bob] = await world.users(2);
    const { body } = await ask(ann, bob);
    const ears = await listening(ann, bob);
    expect((await accept(bob, body.id)).status).toBe(204);
    const [[ofAnn], [ofBob]] = [await friends(ann), await friends(bob)];
    expect([ofAnn.id, ofBob.id, ofAnn.since]).toEqual([bob.id, ann.id, ofBob.since]);
    const heard = await ears.heard();
    expect(heard.get(ann)).toEqual([['friend.accepted', ofAnn]]);
    expect(heard.get(bob)).toEqual([['friend.accepted', ofBob]]);
    expect([inShort(await accept(bob, body.id)), inShort(await accept(ann, body.id))]).toEqual([
      '204',
      '403 FORBIDDEN',
    ]);
    expect((await ears.heard()).get(ann)).toHaveLength(1);
    for (const end of [decline(bob, body.id), cancel(ann, body.id)]) expect(inShort(await end)).toBe('404 NOT_FOUND');
  });

  it('declined: who asked learns no more than that it is closed', async () => {
    const [ann, bob] = await world.users(2);
    const { body } = await ask(ann, bob);
    const ears = await listening(ann, bob);
    expect((await decline(bob, body.id)).status).toBe(204);
    const heard = await ears.heard();
    expect(heard.get(ann)).toEqual([['friend.requestClosed', { id: body.id, reason: 'closed' }]]);
    expect(heard.get(bob)).toEqual([['friend.requestClosed', { id: body.id, reason: 'declined' }]]);
    expect([await requests(ann, 'outgoing'), await requests(bob, 'incoming')]).toEqual([[], []]);
    for (const end of [accept(bob, body.id), decline(bob, body.id), cancel(ann, body.id)]) {
      expect(inShort(await end)).toBe('404 NOT_FOUND');
    }
    expect((await ask(ann, bob)).status).toBe(201);
  });

  it('cancelled: both are told', async () => {
    const [ann, bob] = await world.users(2);
    const { body } = await ask(ann, bob);
    const ears = await listening(ann, bob);
    expect((await cancel(ann, body.id)).status).toBe(204);
    const heard = await ears.heard();
    for (const actor of [ann, bob]) {
      expect(heard.get(actor)).toEqual([['friend.requestClosed', { id: body.id, reason: 'cancelled' }]]);
    }
  });

  it('is the matter of the two alone, and each end of the one it belongs to', async () => {
    const [ann, bob, eve] = await world.users(3);
    const { body } = await ask(ann, bob);
    for (const act of [accept, decline, cancel]) {
      expect(inShort(await act(eve, body.id))).toBe('404 NOT_FOUND');
      expect(inShort(await act(eve, newUlid()))).toBe('404 NOT_FOUND');
      expect(inShort(await act(eve, 'x'))).toBe('422 VALIDATION_FAILED');
    }
    expect([inShort(await accept(ann, body.id)), inShort(await decline(ann, body.id))]).toEqual(
      Array(2).fill('403 FORBIDDEN'),
    );
    expect(inShort(await cancel(bob, body.id))).toBe('403 FORBIDDEN');
    expect(await requests(bob, 'incoming')).toEqual([body]);
  });
});

describe('friends', () => {
  it('are listed in pages, with a cursor, in the order of their ids, whoever is the lower one of a pair', async () => {
    const all = await world.users(9);
    const ann = all[4];
    const others = all.filter((actor) => actor !== ann);
    for (const other of others) await world.befriend(other, ann);
    const wanted = others.map(({ id }) => id).sort();
    for (const limit of [1, 3, 4, 5, 8, 9]) {
      expect((await pages<FriendView>(ann, '/friends?', limit)).map(({ id }) => id)).toEqual(wanted);
    }
    expect((await world.app.get(FriendsQueries).friendIdsOf(ann.id)).sort()).toEqual(wanted);
    const rejected = await ann.call('GET', '/friends?cursor=nonsense');
    expect(inShort(rejected)).toBe('422 VALIDATION_FAILED');
  });

  it('have names that only who gave them sees', async () => {
    const [ann, bob, eve] = await world.users(3);
    await world.befriend(ann, bob);
    const ears = await listening(ann, bob);
    const { status, body } = await ann.call('PATCH', `/friends/${bob.id}`, { alias: ' Bobby ' });
    expect([status, body.id, body.alias]).toEqual([200, bob.id, 'Bobby']);
    for (const change of [{ alias: 'Bobby' }, {}]) {
      expect((await ann.call('PATCH', `/friends/${bob.id}`, change)).body).toEqual(body);
    }
    expect([await friends(ann), (await friends(bob))[0].alias]).toEqual([[body], null]);
    const heard = await ears.heard();
    expect([heard.get(ann), heard.get(bob)]).toEqual([[['friend.updated', body]], []]);
    await bob.call('PATCH', `/friends/${ann.id}`, { alias: 'Annie' });
    expect((await ann.call('PATCH', `/friends/${bob.id}`, { alias: null })).body.alias).toBeNull();
    expect((await friends(bob))[0].alias).toBe('Annie');
    for (const nobody of [eve.id, ann.id, newUlid()]) {
      expect(inShort(await ann.call('PATCH', `/friends/${nobody}`, { alias: 'x' }))).toBe('404 NOT_FOUND');
    }
    for (const alias of ['', 'x'.repeat(65), 7, 'a\nb']) {
      expect(inShort(await ann.call('PATCH', `/friends/${bob.id}`, { alias }))).toBe('422 VALIDATION_FAILED');
    }
  });

  it('are removed by either, for both', async () => {
    const [ann, bob] = await world.users(2);
    await world.befriend(ann, bob);
    const ears = await listening(ann, bob);
    expect((await remove(bob, ann)).status).toBe(204);
    const heard = await ears.heard();
    expect(heard.get(ann)).toEqual([['friend.removed', { userId: bob.id }]]);
    expect(heard.get(bob)).toEqual([['friend.removed', { userId: ann.id }]]);
    expect([await friends(ann), await friends(bob)]).toEqual([[], []]);
    expect([inShort(await remove(bob, ann)), inShort(await remove(ann, bob))]).toEqual(Array(2).fill('404 NOT_FOUND'));
    expect((await ask(ann, bob)).status).toBe(201);
  });

  it('may be guests and people with accounts alike', async () => {
    const [ann, bob] = [await world.account('friendly.ann'), await world.user()];
    await world.befriend(bob, ann);
    expect((await friends(ann))[0]).toMatchObject({ id: bob.id, role: 'guest' });
    expect((await friends(bob))[0]).toMatchObject({ id: ann.id, username: 'friendly.ann' });
  });
});

describe('GET /friends/requests', () => {
  it('gives pages, the newest first, of either direction', async () => {
    const [ann, ...others] = await world.users(8);
    const sent: string[] = [];
    for (const other of others) sent.push((await ask(other, ann)).body.id);
    for (const limit of [1, 2, 7, 8]) {
      const found = await pages<FriendRequestView>(ann, '/friends/requests?', limit);
      expect(found.map(({ id }) => id)).toEqual(sent.toReversed());
    }
    const [bob, ...asked] = await world.users(4);
    const own: string[] = [];
    for (const other of asked) own.push((await ask(bob, other)).body.id);
    const found = await pages<FriendRequestView>(bob, '/friends/requests?direction=outgoing&', 2);
    expect(found.map(({ id }) => id)).toEqual(own.toReversed());
    expect(await counts(ann)).toEqual({ requestsIn: 7, requestsOut: 0 });
    for (const query of ['direction=both', 'direction=', 'cursor=x', 'limit=0', 'limit=101', 'page=1']) {
      expect(inShort(await ann.call('GET', `/friends/requests?${query}`))).toBe('422 VALIDATION_FAILED');
    }
  });
});

describe('blocks', () => {
  it('are told to the blocker’s devices alone, and listed to him alone', async () => {
    const [ann, bob] = await world.users(2);
    const ears = await listening(ann, bob);
    const { status, body } = await block(ann, bob);
    expect([status, body]).toEqual([
      200,
      { user: expect.objectContaining({ id: bob.id }), createdAt: expect.any(String) },
    ]);
    expect((await block(ann, bob)).body).toEqual(body);
    expect((await ann.call('GET', '/blocks')).body.items).toEqual([body]);
    expect((await bob.call('GET', '/blocks')).body.items).toEqual([]);
    expect((await unblock(ann, bob)).status).toBe(204);
    expect(inShort(await unblock(ann, bob))).toBe('404 NOT_FOUND');
    const heard = await ears.heard();
    expect(heard.get(ann)).toEqual([
      ['block.updated', { userId: bob.id, blocked: true }],
      ['block.updated', { userId: bob.id, blocked: false }],
    ]);
    expect(heard.get(bob)).toEqual([]);
  });

  it('are listed in pages', async () => {
    const [ann, ...others] = await world.users(6);
    for (const other of others) await block(ann, other);
    const wanted = others.map(({ id }) => id).sort();
    for (const limit of [1, 2, 5, 6]) {
      expect((await pages<BlockView>(ann, '/blocks?', limit)).map(({ user }) => user.id)).toEqual(wanted);
    }
  });

  it('end a friendship; the blocked one hears what a plain removal says', async () => {
    const [ann, bob] = await world.users(2);
    await world.befriend(ann, bob);
    const ears = await listening(ann, bob);
    await block(ann, bob);
    const heard = await ears.heard();
    expect(heard.get(bob)).toEqual([['friend.removed', { userId: ann.id }]]);
    expect(heard.get(ann)).toEqual([
      ['friend.removed', { userId: bob.id }],
      ['block.updated', { userId: bob.id, blocked: true }],
    ]);
    expect([await friends(ann), await friends(bob)]).toEqual([[], []]);
    await unblock(ann, bob);
    expect([await friends(ann), await friends(bob)]).toEqual([[], []]);
  });

  it('close requests either way; the blocked one hears what declining and cancelling say', async () => {
    const [ann, bob, eve] = await world.users(3);
    const [toAnn, fromAnn] = [(await ask(bob, ann)).body, (await ask(ann, eve)).body];
    const ears = await listening(ann, bob, eve);
    await block(ann, bob);
    await block(ann, eve);
    const heard = await ears.heard();
    expect(heard.get(bob)).toEqual([['friend.requestClosed', { id: toAnn.id, reason: 'closed' }]]);
    expect(heard.get(eve)).toEqual([['friend.requestClosed', { id: fromAnn.id, reason: 'cancelled' }]]);
    expect(await counts(ann)).toEqual({ requestsIn: 0, requestsOut: 0 });
  });

  it('refuse requests of both sides alike', async () => {
    const [ann, bob] = await world.users(2);
    await block(ann, bob);
    const answers = [await ask(ann, bob), await ask(bob, ann)];
    expect(answers.map(inShort)).toEqual(Array(2).fill('403 BLOCKED'));
    expect({ ...answers[0].body, traceId: '' }).toEqual({ ...answers[1].body, traceId: '' });
    await block(bob, ann);
    await unblock(ann, bob);
    expect(inShort(await ask(ann, bob))).toBe('403 BLOCKED');
    await unblock(bob, ann);
    expect((await ask(ann, bob)).status).toBe(201);
  });

  it('are refused for oneself and for nobody; a suspended user can be blocked', async () => {
    const [ann, gone, bad] = await world.users(3);
    await deleteAccount(gone);
    await suspend(bad);
    expect(inShort(await block(ann, ann))).toBe('422 VALIDATION_FAILED');
    for (const nobody of [gone, { id: newUlid() }]) expect(inShort(await block(ann, nobody))).toBe('404 NOT_FOUND');
    expect((await block(ann, bad)).status).toBe(200);
    expect(inShort(await ann.call('PUT', '/blocks/x'))).toBe('422 VALIDATION_FAILED');
  });
});

describe('an account that is deleted', () => {
  it('takes friendships, requests and blocks with it, and everybody is told', async () => {
    const [gone, friend, asker, asked, blocker, blocked] = await world.users(6);
    await world.befriend(gone, friend);
    const [toGone, fromGone] = [(await ask(asker, gone)).body, (await ask(gone, asked)).body];
    await block(blocker, gone);
    await block(gone, blocked);
    const ears = await listening(friend, asker, asked, blocker, blocked);
    await deleteAccount(gone);
    const heard = await ears.heard();
    expect(heard.get(friend)).toEqual([['friend.removed', { userId: gone.id }]]);
    expect(heard.get(asker)).toEqual([['friend.requestClosed', { id: toGone.id, reason: 'closed' }]]);
    expect(heard.get(asked)).toEqual([['friend.requestClosed', { id: fromGone.id, reason: 'cancelled' }]]);
    expect(heard.get(blocker)).toEqual([['block.updated', { userId: gone.id, blocked: false }]]);
    expect(heard.get(blocked)).toEqual([]);
    expect([await friends(friend), (await blocker.call('GET', '/blocks')).body.items]).toEqual([[], []]);
    for (const [table, side] of [
      ['friendships', 'userLow'],
      ['friendships', 'userHigh'],
      ['blocks', 'blockerId'],
      ['blocks', 'blockedId'],
    ]) {
      expect(await world.app.rows(`SELECT * FROM ${table} WHERE ${side} = ?`, [gone.id])).toEqual([]);
    }
  });
});

describe('an account that is suspended', () => {
  it('is nobody’s friend meanwhile, and is one again afterwards; everybody is told', async () => {
    const [bad, friend, asker, asked, blocker] = await world.users(5);
    await world.befriend(bad, friend);
    await friend.call('PATCH', `/friends/${bad.id}`, { alias: 'Pal' });
    const [toBad, fromBad] = [(await ask(asker, bad)).body, (await ask(bad, asked)).body];
    await block(blocker, bad);
    const queries = world.app.get(FriendsQueries);
    const before = await friends(friend);
    const ears = await listening(friend, asker, asked, blocker);
    await suspend(bad);
    const heard = await ears.heard();
    expect(heard.get(friend)).toEqual([['friend.removed', { userId: bad.id }]]);
    expect(heard.get(asker)).toEqual([['friend.requestClosed', { id: toBad.id, reason: 'closed' }]]);
    expect(heard.get(asked)).toEqual([['friend.requestClosed', { id: fromBad.id, reason: 'cancelled' }]]);
    expect(heard.get(blocker)).toEqual([]);
    expect([await friends(friend), await requests(asker, 'outgoing'), await requests(asked, 'incoming')]).toEqual([
      [],
      [],
      [],
    ]);
    expect([await counts(asker), await counts(asked)]).toEqual(
      [asker, asked].map(() => ({ requestsIn: 0, requestsOut: 0 })),
    );
    expect(await queries.friendIdsOf(friend.id)).toEqual([]);
    for (const answer of [
      await remove(friend, bad),
      await friend.call('PATCH', `/friends/${bad.id}`, { alias: 'x' }),
      await accept(asked, fromBad.id),
      await ask(asker, bad),
    ]) {
      expect(inShort(answer)).toBe('404 NOT_FOUND');
    }
    ears.forget();
    const reinstate = () => world.app.get(UsersService).unsuspend(Principal.system('a test'), bad.id);
    await reinstate();
    await reinstate();
    const again = await ears.heard();
    expect(again.get(friend)).toEqual([['friend.accepted', before[0]]]);
    expect(again.get(asker)).toEqual([['friend.requested', toBad]]);
    expect(again.get(asked)).toEqual([['friend.requested', fromBad]]);
    expect([await friends(friend), await requests(asker, 'outgoing')]).toEqual([before, [toBad]]);
    expect(await queries.friendIdsOf(friend.id)).toEqual([bad.id]);
  });

  it('is told with the picture that is shown again', async () => {
    const [bad, friend, asked] = await world.users(3);
    await world.befriend(bad, friend);
    await ask(bad, asked);
    await upload(world, bad, formOf(await pictureOf('png', { width: 10, height: 10 })));
    const [before] = await friends(friend);
    expect(before.avatarUrl).toMatch(/v=[0-9A-Z]{26}$/);
    await suspend(bad);
    const ears = await listening(friend, asked);
    await world.app.get(UsersService).unsuspend(Principal.system('a test'), bad.id);
    const heard = await ears.heard();
    expect(heard.get(friend)).toEqual([['friend.accepted', before]]);
    const [[event, data]] = heard.get(asked) as [string, FriendRequestView][];
    expect([event, data.from.avatarUrl]).toEqual(['friend.requested', before.avatarUrl]);
  });
});

describe('accounts of friends that end, rest and come back at once', () => {
  const unsuspend = (actor: Actor) => world.app.get(UsersService).unsuspend(Principal.system('a test'), actor.id);

  /** People who are all friends of each other, with a direct room for each two, and group rooms of all. */
  async function circle(size: number): Promise<{ people: Actor[]; roomIds: string[] }> {
    const people = await world.users(size);
    const pairs = people.flatMap((one, at) => people.slice(at + 1).map((other) => [one, other] as const));
    const roomIds: string[] = [];
    for (const [one, other] of pairs) {
      await world.befriend(one, other);
      const make = () => one.call('POST', '/rooms/direct', { userId: other.id });
      const [{ body }, { id }] = await Promise.all([make(), world.room(people)]);
      roomIds.push(body.id, id);
    }
    return { people, roomIds };
  }

  // Where the machine stalls for a second, a lock is waited for that long by chance; by design, each time.
  it.runIf(engine === 'mysql')('never wait for each other for ever', { retry: 2 }, async () => {
    const failed = vi.spyOn(DatabaseLogger.prototype, 'logQueryError');
    for (let round = 0; round < 4; round++) {
      const { people, roomIds } = await circle(6);
      // Ids are in the order of the making: in every second round those who rest have the lower ones.
      const sorted = [...people].sort((one, other) => (one.id < other.id === (round % 2 === 0) ? -1 : 1));
      const [resting, leaving] = [sorted.slice(0, 2), sorted.slice(2)];
      const socket = await leaving[0].connect();
      const chat = () => roomIds.map((roomId) => socket.send('message.send', { roomId, id: newUlid(), text: 'x' }));
      const rename = (alias: string) =>
        sorted.slice(3).map(({ id }) => leaving[0].call('PATCH', `/friends/${id}`, { alias }));
      chat();
      await Promise.all([...resting.map(suspend), ...rename('Pal')]);
      chat();
      await Promise.all([...resting.map(unsuspend), ...rename('Chum')]);
      chat();
      await Promise.all([...resting.map(suspend), ...leaving.map(deleteAccount)]);
      expect((await leaving[0].call('GET', '/users/me')).status).toBe(401);
    }
    const faults = failed.mock.calls.map(([error]) => String(error)).filter((text) => /deadlock|lock wait/i.test(text));
    failed.mockRestore();
    expect(faults).toEqual([]);
  });
});

describe('what other folders ask and are told', () => {
  it('who is friends with whom, and who is blocked either way', async () => {
    const [ann, bob, cid, dan, eve] = await world.users(5);
    await world.befriend(ann, bob);
    await ask(ann, cid);
    await block(ann, dan);
    await block(eve, ann);
    const queries = world.app.get(FriendsQueries);
    const all = [bob.id, cid.id, dan.id, eve.id];
    expect(await queries.friendIdsOf(ann.id)).toEqual([bob.id]);
    expect([await queries.areFriends(ann.id, bob.id), await queries.areFriends(bob.id, ann.id)]).toEqual([true, true]);
    expect([await queries.areFriends(ann.id, cid.id), await queries.areFriends(ann.id, ann.id)]).toEqual([
      false,
      false,
    ]);
    expect([...(await queries.blockedEitherWay(ann.id, all))].sort()).toEqual([dan.id, eve.id].sort());
    expect([...(await queries.blockedBy(ann.id, all))]).toEqual([dan.id]);
    expect([...(await queries.blockedEitherWay(ann.id, []))]).toEqual([]);
  });

  it('every beginning and end of a friendship and a block, after the commit', async () => {
    const [ann, bob] = await world.users(2);
    const heard: unknown[] = [];
    const mine = (...ids: string[]) => ids.includes(ann.id);
    const hub = world.app.get(EventHub);
    hub.on('FriendshipChanged', (event: ChatEvents['FriendshipChanged']) => {
      if (mine(...event.userIds)) heard.push(event);
    });
    hub.on('BlockChanged', (event: ChatEvents['BlockChanged']) => {
      if (mine(event.blockerId)) heard.push(event);
    });
    await world.befriend(ann, bob);
    await remove(ann, bob);
    await block(ann, bob);
    await block(ann, bob);
    await unblock(ann, bob);
    const userIds = [ann.id, bob.id].sort();
    const pair = { blockerId: ann.id, blockedId: bob.id };
    expect(heard).toEqual([
      { userIds, areFriends: true },
      { userIds, areFriends: false },
      { ...pair, isBlocked: true },
      { ...pair, isBlocked: false },
    ]);
  });
});

describe('limits', () => {
  let low: World;
  beforeAll(async () => {
    const limits = { LIMIT_FRIENDS: '2', LIMIT_FRIEND_REQUESTS: '2', LIMIT_BLOCKS: '2' };
    low = await World.create({ ...limits, LIMIT_FRIEND_REQUESTS_PER_HOUR: '4', LIMITS: 'on' });
  });
  afterAll(() => low?.stop());

  it('of requests: may be open up to the limit, and no more; one that is taken back makes place', async () => {
    const [ann, ...others] = await low.users(4);
    const [first] = [await ask(ann, others[0]), await ask(ann, others[1])];
    expect(inShort(await ask(ann, others[2]))).toBe('507 QUOTA_EXCEEDED');
    await cancel(ann, first.body.id);
    expect((await ask(ann, others[2])).status).toBe(201);
  });

  it('of requests: are as many as the limit in an hour, and no more', async () => {
    const [ann, bob] = await low.users(2);
    for (let i = 0; i < 4; i++) await cancel(ann, (await ask(ann, bob)).body.id);
    const refused = await ask(ann, bob);
    expect([inShort(refused), refused.body.retryAfterMs > 800_000]).toEqual(['429 RATE_LIMITED', true]);
    const now = Date.now();
    vi.spyOn(low.app.get(Clock), 'now').mockImplementation(() => now + 901_000);
    expect((await ask(ann, bob)).status).toBe(201);
  });

  it('of friends: may be as many as the limit on both sides, and no more', async () => {
    const [ann, bob, cid, dan] = await low.users(4);
    await low.befriend(ann, bob);
    await low.befriend(ann, cid);
    const { body } = await ask(dan, ann);
    expect(inShort(await accept(ann, body.id))).toBe('507 QUOTA_EXCEEDED');
    const other = (await ask(ann, dan)) as Answer;
    expect(inShort(other)).toBe('507 QUOTA_EXCEEDED');
    await remove(bob, ann);
    expect(inShort(await accept(ann, body.id))).toBe('204');
  });

  it('of blocks: may be as many as the limit, and no more; one that is ended makes place', async () => {
    const [ann, ...others] = await low.users(4);
    await block(ann, others[0]);
    await block(ann, others[1]);
    expect(inShort(await block(ann, others[2]))).toBe('507 QUOTA_EXCEEDED');
    expect((await block(ann, others[1])).status).toBe(200);
    await unblock(ann, others[0]);
    expect((await block(ann, others[2])).status).toBe(200);
  });
});
