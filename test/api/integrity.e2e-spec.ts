import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageView } from '../../src/protocol/views.js';
import { type Actor, World } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.create({ LIMIT_INTEGRITY_RANGE: '30' });
});
afterAll(() => world.stop());

const check = (actor: Actor, roomId: string, query = '') => actor.call('GET', `/rooms/${roomId}/integrity${query}`);
/** What a client makes of its copy. */
const sumOf = (messages: readonly MessageView[]): string =>
  createHash('sha256')
    .update(messages.map(({ rev, id, lastRev }) => `${rev}:${id}:${lastRev}\n`).join(''))
    .digest('hex');

describe('the checksum of a room', () => {
  it('is that of an exact copy, and of no other', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const said = [await ann.say(room.id, 'one'), await bob.say(room.id, 'two'), await ann.say(room.id, 'three')];
    await ann.call('PATCH', `/messages/${said[0].id}`, { text: 'ONE' });
    const { items } = (await bob.call('GET', `/rooms/${room.id}/messages`)).body;
    const { body } = await check(bob, room.id);
    const { headRev, headSeq } = (await bob.call('GET', `/rooms/${room.id}`)).body;
    const { epoch } = (await bob.call('GET', '/sync')).body;
    expect(body).toEqual({
      roomId: room.id,
      epoch,
      headRev,
      headSeq,
      floorRev: 0,
      from: 1,
      to: headRev,
      count: items.length,
      checksum: sumOf(items),
    });
    await ann.call('DELETE', `/messages/${said[1].id}`);
    expect((await check(bob, room.id)).body.checksum).not.toBe(body.checksum);
    const part = (await check(bob, room.id, `?from=${said[1].rev}&to=${said[2].rev}`)).body;
    const fresh = (await bob.call('GET', `/rooms/${room.id}/messages`)).body.items;
    expect(part).toMatchObject({ count: 2, checksum: sumOf(fresh.slice(-2)) });
  });

  it('covers integrityRange revs and not one more', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    for (let i = 0; i < 35; i++) await ann.say(room.id);
    const { from, to, count } = (await check(ann, room.id)).body;
    expect([to - from + 1, count]).toEqual([30, 30]);
    expect((await check(ann, room.id, '?from=2&to=31')).body.count).toBe(30);
    for (const query of ['?from=2&to=32', '?from=2', '?from=9&to=8']) {
      const { status, body } = await check(ann, room.id, query);
      expect([query, status, body.errors[0].path]).toEqual([query, 422, 'to']);
    }
    expect((await check(ann, room.id, '?from=900&to=901')).body).toMatchObject({ count: 0, checksum: sumOf([]) });
  });

  it('begins where the caller may see the room, and is not for others', async () => {
    const [ann, late, eve] = await world.users(3);
    const room = await world.room([ann]);
    await ann.call('PATCH', `/rooms/${room.id}`, { settings: { history: 'joining' } });
    await ann.say(room.id, 'hidden');
    await ann.call('PUT', `/rooms/${room.id}/members/${late.id}`);
    const { items } = (await late.call('GET', `/rooms/${room.id}/messages`)).body;
    const { body } = await check(late, room.id, '?from=1');
    expect(body).toMatchObject({ from: items[0].rev, floorRev: items[0].rev - 1, checksum: sumOf(items) });
    expect((await check(eve, room.id)).body.code).toBe('NOT_FOUND');
  });
});
