import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RoomQueries } from '../../src/rooms/room.queries.js';
import { FaultyBus, type Fate } from '../support/faulty-bus.js';
import { World, newUlid } from '../support/world.js';

describe('a bus that loses, doubles and delays', () => {
  const bus = new FaultyBus();
  let world: World;
  beforeAll(async () => {
    world = await World.create({}, { bus });
  });
  afterEach(() => {
    bus.fateOf = () => 'deliver';
  });
  afterAll(() => world.stop());

  const revsOf = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

  it('still delivers every rev once and in order', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const [sender, reader] = [await ann.connect(), await bob.connect()];
    const fates: Fate[] = ['deliver', 'late', 'twice', 'lose', 'late', 'deliver', 'lose'];
    let at = 0;
    bus.fateOf = () => fates[at++ % fates.length];
    for (let i = 0; i < 150; i++) {
      await sender.call('message.send', { roomId: room.id, id: newUlid(), text: `${i}` });
    }
    for (const socket of [sender, reader]) {
      await socket.until(() => socket.of('message.created').length >= 150, '150 messages');
      expect(socket.durable(room.id).map((frame) => frame.rev)).toEqual(revsOf(3, 150));
      expect(socket.of('message.created').map((frame) => frame.data.text)).toEqual(revsOf(0, 150).map(String));
    }
  });

  it('heals a lost last message by itself, within five seconds', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const reader = await bob.connect();
    bus.fateOf = (channel) => (channel.startsWith('room:') ? 'lose' : 'deliver');
    await ann.say(room.id, 'nobody rang');
    expect(await reader.next('message.created')).toMatchObject({ rev: 3, data: { text: 'nobody rang' } });
  });

  it('lets nothing through to a removed member when the removal itself was lost', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const [removed, owner] = [await bob.connect(), await ann.connect()];
    bus.fateOf = (channel, message) =>
      message.includes('member.removed') || channel.startsWith('user:') ? 'lose' : 'deliver';
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    await ann.say(room.id, 'secret');
    await owner.next('message.created', (frame) => frame.data.text === 'secret');
    await removed.call('ping');
    expect(removed.durable(room.id)).toEqual([]);
    expect(owner.durable(room.id).map((frame) => frame.rev)).toEqual([3, 4]);
  });

  it('catches nobody up with what was edited behind a removal that was lost', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const sent = await ann.say(room.id, 'harmless');
    const cursor = { epoch: (await bob.call('GET', '/sync')).body.epoch, rooms: { [room.id]: sent.rev - 1 } };
    const rooms = world.app.get(RoomQueries);
    const read = rooms.headsOfUser.bind(rooms);
    vi.spyOn(rooms, 'headsOfUser').mockImplementationOnce(async (userId, limit) => {
      const heads = await read(userId, limit);
      bus.fateOf = () => 'lose';
      await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
      await ann.call('PATCH', `/messages/${sent.id}`, { text: 'a secret' });
      return heads;
    });
    const removed = await bob.connect({ cursor, open: [room.id] });
    await removed.call('ping');
    expect(JSON.stringify(removed.frames)).not.toContain('a secret');
    const stays = await ann.connect({ cursor, open: [room.id] });
    expect(JSON.stringify(stays.frames)).toContain('a secret');
  });

  it(
    'tells a client to read afresh when a private event was lost, and joins what he missed',
    { timeout: 30_000 },
    async () => {
      const [ann, bob] = await world.users(2);
      const socket = await bob.connect();
      bus.fateOf = (channel) => (channel === `user:${bob.id}` ? 'lose' : 'deliver');
      const room = await world.room([ann, bob]);
      bus.fateOf = () => 'deliver';
      for (let tries = 0; socket.of('user.stale').length === 0 && tries < 4; tries++) {
        await socket.next('user.stale').catch(() => undefined);
      }
      expect(socket.of('user.stale')).toMatchObject([{ data: { userRev: 1 } }]);
      expect((await bob.call('GET', '/sync')).body).toMatchObject({ userRev: 1, rooms: [{ id: room.id }] });
      const said = await ann.say(room.id, 'you are in');
      expect(await socket.next('message.created')).toMatchObject({ data: { id: said.id } });
    },
  );

  it('closes a gap in private events by telling, after a short wait', async () => {
    const [ann, bob] = await world.users(2);
    const socket = await bob.connect();
    let lost = 0;
    bus.fateOf = (channel) => (channel === `user:${bob.id}` && lost++ === 0 ? 'lose' : 'deliver');
    await world.room([ann, bob]);
    const second = await world.room([ann, bob]);
    expect(await socket.next('room.added')).toMatchObject({ userRev: 2, data: { id: second.id } });
    expect(socket.of('user.stale')).toMatchObject([{ data: { userRev: 2 } }]);
  });
});
