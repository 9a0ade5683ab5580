import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatEvents } from '../../src/events/chat-events.js';
import { EventHub } from '../../src/events/event-hub.js';
import type { MeView } from '../../src/protocol/views.js';
import { PreferencesQueries } from '../../src/users/preferences.queries.js';
import { type Actor, World, newUlid } from '../support/world.js';

const DEFAULTS = { contact: 'everybody', receipts: true };
let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const read = async (actor: Actor) => (await actor.call('GET', '/preferences')).body;
const change = (actor: Actor, body: unknown) => actor.call('PATCH', '/preferences', body);
const me = async (actor: Actor) => (await actor.call<MeView>('GET', '/users/me')).body;

describe('/preferences', () => {
  it('have defaults, and keep what is not named', async () => {
    const ann = await world.user();
    expect(await read(ann)).toEqual(DEFAULTS);
    const first = await change(ann, { contact: 'friends' });
    expect([first.status, first.body]).toEqual([200, { contact: 'friends', receipts: true }]);
    expect((await change(ann, { receipts: false })).body).toEqual({ contact: 'friends', receipts: false });
    expect(await read(ann)).toEqual({ contact: 'friends', receipts: false });
    expect(await me(ann)).toMatchObject({ preferences: { contact: 'friends', receipts: false }, userRev: 2 });
  });

  it('are nobody else’s', async () => {
    const [ann, bob] = await world.users(2);
    await change(ann, { contact: 'nobody' });
    expect(await read(bob)).toEqual(DEFAULTS);
    expect((await bob.call('GET', `/users/${ann.id}`)).body).not.toHaveProperty('preferences');
  });

  it.each([
    { contact: 'all' },
    { contact: null },
    { receipts: null },
    { receipts: 'yes' },
    { contact: ['friends'] },
    { theme: 'dark' },
  ])('refuse %j and stay', async (body) => {
    const ann = await world.user();
    const { status, body: problem } = await change(ann, body);
    expect([status, problem.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(await me(ann)).toMatchObject({ preferences: DEFAULTS, userRev: 0 });
  });

  it('tell all own connections, once for each difference, and nobody else', async () => {
    const [ann, bob] = await world.users(2);
    await world.room([ann, bob]);
    const own = [await ann.connect(), await ann.connect()];
    const foreign = await bob.connect();
    const { userRev } = await me(ann);
    for (const body of [{ contact: 'nobody' }, { contact: 'nobody' }, {}, { receipts: false }]) await change(ann, body);
    for (const socket of own) {
      const frames = [await socket.next('preferences.updated'), await socket.next('preferences.updated')];
      expect(frames.map((frame) => [frame.userRev, frame.data])).toEqual([
        [userRev + 1, { contact: 'nobody', receipts: true }],
        [userRev + 2, { contact: 'nobody', receipts: false }],
      ]);
      await socket.call('ping');
      expect(socket.of('preferences.updated')).toHaveLength(2);
    }
    await foreign.call('ping');
    expect(foreign.of('preferences.updated')).toEqual([]);
    expect((await me(ann)).userRev).toBe(userRev + 2);
  });

  it('keep both of two changes of the same moment', async () => {
    const ann = await world.user();
    await Promise.all([change(ann, { contact: 'friends' }), change(ann, { receipts: false })]);
    expect(await me(ann)).toMatchObject({ preferences: { contact: 'friends', receipts: false }, userRev: 2 });
  });
});

describe('what other folders are told of preferences', () => {
  it('is read for many at once, with defaults, of those who exist', async () => {
    const [ann, bob] = await world.users(2);
    await change(ann, { contact: 'friends' });
    const found = await world.app.get(PreferencesQueries).of([ann.id, bob.id, newUlid(), ann.id]);
    expect(Object.fromEntries(found)).toEqual({
      [ann.id]: { contact: 'friends', receipts: true },
      [bob.id]: DEFAULTS,
    });
    expect(await world.app.get(PreferencesQueries).of([])).toEqual(new Map());
  });

  it('is an event with what was before and what is now', async () => {
    const ann = await world.user();
    const told: ChatEvents['PreferencesChanged'][] = [];
    world.app.get(EventHub).on('PreferencesChanged', (event) => told.push(event));
    await change(ann, { receipts: false });
    await change(ann, { receipts: false });
    expect(told).toEqual([{ userId: ann.id, before: DEFAULTS, after: { contact: 'everybody', receipts: false } }]);
  });
});
