import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
const clock = { ahead: 0 };
beforeAll(async () => {
  world = await World.create({ LIMIT_QUIET_ROOM_MEMBERS: '4' });
  vi.spyOn(world.app.app.get(Clock), 'now').mockImplementation(() => Date.now() + clock.ahead);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await world.stop();
});

const type = (socket: TestSocket, roomId: string, typing = true) => socket.call('room.typing', { roomId, typing });
const seen = (socket: TestSocket) => socket.of('typing').map(({ data }) => data.typing as boolean);

/** A message that everybody in the room gets: what was told of typing before it has come, or never will. */
async function settled(roomId: string, by: Actor, ...sockets: TestSocket[]): Promise<void> {
  const { id } = await by.say(roomId);
  for (const socket of sockets) await socket.next('message.created', (frame) => frame.data.id === id);
}

describe('room.typing', () => {
  it('is told to the other members, and to nobody else', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id: roomId } = await world.room([ann, bob]);
    const [anns, other, bobs, cids] = [
      await ann.connect(),
      await ann.connect(),
      await bob.connect(),
      await cid.connect(),
    ];
    expect(await type(anns, roomId)).toMatchObject({ event: 'ack', data: {} });
    expect(await bobs.next('typing')).toEqual({ event: 'typing', roomId, data: { userId: ann.id, typing: true } });
    await settled(roomId, bob, anns, other, bobs);
    expect([seen(anns), seen(other), seen(cids)]).toEqual([[], [], []]);
    expect(await type(cids, roomId)).toMatchObject({ event: 'error', data: { code: 'NOT_FOUND' } });
  });

  it('is told at most once in its time, and its end once', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann, bob]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    const at = async (ms: number, typing = true) => {
      clock.ahead += ms;
      await type(anns, roomId, typing);
      await settled(roomId, bob, bobs);
      return seen(bobs).length;
    };
    expect(await at(0, false)).toBe(0);
    expect([await at(0), await at(1000)]).toEqual([1, 1]);
    expect([await at(0, false), await at(0, false), await at(0)]).toEqual([2, 2, 2]);
    expect([await at(3000), await at(7000, false)]).toEqual([3, 3]);
    expect(seen(bobs)).toEqual([true, false, true]);
  });

  it('is told in rooms up to the limit, and not above', async () => {
    const users = await world.users(5);
    const [small, large] = [await world.room(users.slice(0, 4)), await world.room(users)];
    const [anns, bobs] = [await users[0].connect(), await users[1].connect()];
    for (const { id } of [large, small]) expect((await type(anns, id)).event).toBe('ack');
    expect((await bobs.next('typing')).roomId).toBe(small.id);
    await settled(large.id, users[2], bobs);
    expect(seen(bobs)).toEqual([true]);
  });

  it('is not told to or of somebody who was removed', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id: roomId } = await world.room([ann, bob, cid]);
    const [anns, bobs, cids] = [await ann.connect(), await bob.connect(), await cid.connect()];
    await ann.call('DELETE', `/rooms/${roomId}/members/${cid.id}`);
    await type(anns, roomId);
    expect(await type(cids, roomId)).toMatchObject({ event: 'error', data: { code: 'NOT_FOUND' } });
    await settled(roomId, bob, anns, bobs);
    expect([seen(bobs), seen(cids), seen(anns)]).toEqual([[true], [], []]);
  });

  it('is not told between people of whom one has blocked the other, in either direction', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id: roomId } = await world.room([ann, bob, cid]);
    const [anns, bobs, cids] = [await ann.connect(), await bob.connect(), await cid.connect()];
    await ann.call('PUT', `/blocks/${bob.id}`);
    await type(anns, roomId);
    await type(bobs, roomId);
    await settled(roomId, cid, anns, bobs, cids);
    expect([seen(anns), seen(bobs), seen(cids)]).toEqual([[], [], [true, true]]);
  });

  it('is not told of somebody invisible', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann, bob]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await anns.call('presence.set', { state: 'invisible' });
    expect((await type(anns, roomId)).event).toBe('ack');
    await settled(roomId, bob, bobs);
    expect(seen(bobs)).toEqual([]);
  });

  it('is refused where he could not write', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann, bob]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await ann.call('POST', `/rooms/${roomId}/archive`);
    expect(await type(bobs, roomId)).toMatchObject({ event: 'error', data: { code: 'ROOM_ARCHIVED' } });
    expect(await type(bobs, newUlid())).toMatchObject({ event: 'error', data: { code: 'NOT_FOUND' } });
    expect(seen(anns)).toEqual([]);
  });
});
