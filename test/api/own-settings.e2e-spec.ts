import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberRoomView } from '../../src/protocol/views.js';
import { type Actor, type Answer, World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const refusalOf = ({ status, body }: Answer) => [status, body?.code];

const set = (by: Actor, roomId: string, settings: object) =>
  by.call<MemberRoomView>('PATCH', `/rooms/${roomId}/me`, settings);

const userRevOf = async (actor: Actor): Promise<number> => (await actor.call('GET', '/users/me')).body.userRev;

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe('PATCH /rooms/:id/me', () => {
  it('is told to all own devices, in the order of userRev, and to nobody else', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    const [phone, desk, other] = [await bob.connect(), await bob.connect(), await ann.connect()];
    const userRev = await userRevOf(bob);
    const mutedUntil = inMs(60_000);
    const own = { notify: 'mentions', mutedUntil, alias: 'My room' };
    const { status, body } = await set(bob, id, { ...own, alias: '  My room ' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, ...own, headRev: 2 });
    for (const device of [phone, desk]) {
      expect(await device.next('membership.updated')).toEqual({
        event: 'membership.updated',
        userRev: userRev + 1,
        data: { roomId: id, ...own },
      });
    }
    await other.call('ping');
    expect(other.of('membership.updated')).toEqual([]);
    const seen = (await ann.call('GET', `/rooms/${id}`)).body;
    expect(seen).toMatchObject({ notify: 'all', mutedUntil: null, alias: null, headRev: 2 });
    const { items } = (await ann.call('GET', `/rooms/${id}/members`)).body;
    expect(items.map((member: any) => member.mutedUntil)).toEqual([null, null]);
    await bob.say(id, 'silence is no mute');
  });

  it('changes what is named, and takes no number where nothing differs', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    expect((await set(ann, id, { alias: 'Bobby' })).body).toMatchObject({ alias: 'Bobby', notify: 'all' });
    expect((await set(ann, id, { notify: 'none' })).body).toMatchObject({ alias: 'Bobby', notify: 'none' });
    const userRev = await userRevOf(ann);
    for (const same of [{}, { alias: 'Bobby' }, { notify: 'none', mutedUntil: null }]) await set(ann, id, same);
    expect(await userRevOf(ann)).toBe(userRev);
    expect((await set(ann, id, { alias: null })).body.alias).toBeNull();
    expect((await ann.call('GET', '/sync')).body.rooms[0]).toMatchObject({ alias: null, notify: 'none' });
  });

  it('does not lift a mute of an admin', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob]);
    await ann.call('PUT', `/rooms/${id}/members/${bob.id}`, { mutedUntil: inMs(60_000) });
    expect((await set(bob, id, { mutedUntil: null })).status).toBe(200);
    const answer = await bob.call('POST', `/rooms/${id}/messages`, { text: 'x' });
    expect(refusalOf(answer)).toEqual([403, 'MUTED']);
  });

  it('is for members, also of archived rooms, within its limits', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id } = await world.room([ann, bob]);
    const open = await world.room([ann], { visibility: 'public' });
    expect(refusalOf(await set(cid, id, { notify: 'none' }))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await set(cid, open.id, { notify: 'none' }))).toEqual([403, 'FORBIDDEN']);
    const bad = [{ notify: 'some' }, { notify: null }, { alias: 'x'.repeat(65) }, { alias: 'a\nb' }, { role: 'owner' }];
    for (const settings of [...bad, { mutedUntil: inMs(-1000) }, { mutedUntil: 'soon' }]) {
      expect(refusalOf(await set(bob, id, settings))).toEqual([422, 'VALIDATION_FAILED']);
    }
    await ann.call('POST', `/rooms/${id}/archive`);
    expect((await set(bob, id, { alias: 'x'.repeat(64) })).status).toBe(200);
  });

  it('is gone with the membership', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = await world.room([ann, bob], { visibility: 'public' });
    await set(bob, id, { alias: 'Mine', notify: 'none' });
    await bob.call('POST', `/rooms/${id}/leave`);
    expect((await bob.call('POST', `/rooms/${id}/join`)).body).toMatchObject({ alias: null, notify: 'all' });
  });
});
