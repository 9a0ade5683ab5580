import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World } from '../support/world.js';

/** How often receipts are told here. */
const EVERY_MS = 150;

let world: World;
beforeAll(async () => {
  world = await World.create({ LIMIT_RECEIPTS_EVERY_MS: String(EVERY_MS), LIMIT_QUIET_ROOM_MEMBERS: '4' });
});
afterAll(() => world.stop());

interface Receipt {
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const told = (socket: TestSocket, roomId: string) =>
  socket.of('receipt').flatMap((frame) => (frame.roomId === roomId ? [frame.data as unknown as Receipt] : []));
const list = async (actor: Actor, roomId: string) => {
  const { status, body } = await actor.call('GET', `/rooms/${roomId}/receipts`);
  expect(status).toBe(200);
  return body.items as Receipt[];
};
const mark = (socket: TestSocket, roomId: string, marks: Record<string, unknown>) =>
  socket.call('room.read', { roomId, ...marks });

/** A room of the users with so many messages of the first. */
async function talk(users: Actor[], count = 5): Promise<string> {
  const { id } = await world.room(users);
  for (let i = 0; i < count; i++) await users[0].say(id);
  return id;
}

/** Until whatever was marked before has been told: a mark of the witness is told to the others no earlier. */
async function settled(roomId: string, witness: Actor, ...sockets: TestSocket[]): Promise<void> {
  await witness.call('POST', `/rooms/${roomId}/read`, { readSeq: 1 });
  for (const socket of sockets) {
    await socket.until(() => told(socket, roomId).some(({ userId }) => userId === witness.id), 'the receipt');
  }
}

describe('receipts', () => {
  it('are told to the other members and to nobody else, and are there to be read', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob]);
    const [anns, bobs, others, cids] = [
      await ann.connect(),
      await bob.connect(),
      await bob.connect(),
      await cid.connect(),
    ];
    await mark(bobs, roomId, { readSeq: 0, deliveredSeq: 4 });
    const frame = await anns.next('receipt');
    expect(frame).toEqual({ event: 'receipt', roomId, data: { userId: bob.id, deliveredSeq: 4, readSeq: 0 } });
    await bob.call('POST', `/rooms/${roomId}/read`, { readSeq: 3 });
    await anns.until(() => told(anns, roomId).length === 2, 'what he has read');
    expect(told(anns, roomId)[1]).toEqual({ userId: bob.id, deliveredSeq: 4, readSeq: 3 });
    expect(await list(ann, roomId)).toEqual([{ userId: bob.id, deliveredSeq: 4, readSeq: 3 }]);
    expect(await list(bob, roomId)).toEqual([{ userId: ann.id, deliveredSeq: 5, readSeq: 5 }]);
    expect((await cid.call('GET', `/rooms/${roomId}/receipts`)).body.code).toBe('NOT_FOUND');
    expect([told(bobs, roomId), told(others, roomId), told(cids, roomId)]).toEqual([[], [], []]);
  });

  it('are the latest of many marks, one in the time of the limit', async () => {
    const [ann, bob] = await world.users(2);
    const roomId = await talk([ann, bob], 20);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    const begun = Date.now();
    for (let seq = 1; seq <= 20; seq++) await mark(bobs, roomId, { readSeq: seq });
    await anns.until(() => told(anns, roomId).at(-1)?.readSeq === 20, 'the last one');
    expect(told(anns, roomId).length).toBeLessThanOrEqual(Math.ceil((Date.now() - begun) / EVERY_MS) + 1);
    expect(told(anns, roomId).length).toBeLessThan(20);
  });

  it('never go back, nor above what there is, and are not told twice', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await mark(bobs, roomId, { readSeq: 4, deliveredSeq: 1000 });
    await anns.until(() => told(anns, roomId).length === 1, 'the receipt');
    await mark(bobs, roomId, { readSeq: 1, unread: true });
    await mark(bobs, roomId, { readSeq: 3, deliveredSeq: 2 });
    await mark(bobs, roomId, { readSeq: 4, deliveredSeq: 5 });
    await settled(roomId, cid, anns);
    expect(told(anns, roomId).filter(({ userId }) => userId === bob.id)).toEqual([
      { userId: bob.id, deliveredSeq: 5, readSeq: 4 },
    ]);
  });

  it('are not sent for messages of one’s own, which show it', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const anns = await ann.connect();
    await bob.say(roomId);
    const expected = { userId: bob.id, deliveredSeq: 6, readSeq: 6 };
    expect(await list(ann, roomId)).toContainEqual(expected);
    await pause(1200);
    expect(await list(ann, roomId)).toContainEqual(expected);
    await settled(roomId, cid, anns);
    expect(told(anns, roomId).map(({ userId }) => userId)).toEqual([cid.id]);
  });

  it('are neither told nor listed of who has switched them off, until he reads something again', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await bob.call('PATCH', '/preferences', { receipts: false });
    await mark(bobs, roomId, { readSeq: 4 });
    await settled(roomId, cid, anns);
    expect(told(anns, roomId).map(({ userId }) => userId)).toEqual([cid.id]);
    expect((await list(ann, roomId)).map(({ userId }) => userId)).toEqual([cid.id]);
    // What he read meanwhile stays his own business.
    await bob.call('PATCH', '/preferences', { receipts: true });
    expect(await list(ann, roomId)).toContainEqual({ userId: bob.id, deliveredSeq: 0, readSeq: 0 });
    await mark(bobs, roomId, { readSeq: 5 });
    await anns.until(() => told(anns, roomId).length === 2, 'the receipt');
    expect(told(anns, roomId)[1]).toEqual({ userId: bob.id, deliveredSeq: 5, readSeq: 5 });
  });

  it('stand still while somebody is invisible, as of one who is away', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await mark(bobs, roomId, { readSeq: 2 });
    await anns.until(() => told(anns, roomId).length === 1, 'the receipt');
    await bobs.call('presence.set', { state: 'invisible' });
    await mark(bobs, roomId, { readSeq: 4 });
    await settled(roomId, cid, anns);
    expect(told(anns, roomId).filter(({ userId }) => userId === bob.id)).toHaveLength(1);
    expect(await list(ann, roomId)).toContainEqual({ userId: bob.id, deliveredSeq: 2, readSeq: 2 });
    // Nor is it shown that he had read it before he marked it as unread.
    await mark(bobs, roomId, { readSeq: 1, unread: true });
    expect(await list(ann, roomId)).toContainEqual({ userId: bob.id, deliveredSeq: 2, readSeq: 2 });
  });

  it('do not tell what was marked a moment before somebody can be seen again', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await bobs.call('presence.set', { state: 'invisible' });
    await mark(bobs, roomId, { readSeq: 4 });
    await bobs.call('presence.set', { state: 'online' });
    await settled(roomId, cid, anns);
    expect(told(anns, roomId).map(({ userId }) => userId)).toEqual([cid.id]);
    expect(await list(ann, roomId)).toContainEqual({ userId: bob.id, deliveredSeq: 0, readSeq: 0 });
  });

  it('tell no more than one’s own message, whatever was read behind it without showing it', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const [anns, bobs] = [await ann.connect(), await bob.connect()];
    await bobs.call('presence.set', { state: 'invisible' });
    await bob.say(roomId);
    for (let i = 0; i < 2; i++) await ann.say(roomId);
    await mark(bobs, roomId, { readSeq: 8 });
    // Until the mark of his own message is stored.
    await pause(1500);
    expect(await list(ann, roomId)).toContainEqual({ userId: bob.id, deliveredSeq: 6, readSeq: 6 });
    await mark(bobs, roomId, { readSeq: 7, unread: true });
    expect(await list(ann, roomId)).toContainEqual({ userId: bob.id, deliveredSeq: 6, readSeq: 6 });
    await settled(roomId, cid, anns);
    expect(told(anns, roomId).map(({ userId }) => userId)).toEqual([cid.id]);
  });

  it('are not shown between people of whom one has blocked the other, in either direction', async () => {
    const [ann, bob, cid, dan] = await world.users(4);
    const roomId = await talk([ann, bob, cid, dan]);
    const [anns, bobs, cids] = [await ann.connect(), await bob.connect(), await cid.connect()];
    await ann.call('PUT', `/blocks/${bob.id}`);
    await mark(bobs, roomId, { readSeq: 3 });
    await cid.say(roomId);
    await mark(anns, roomId, { readSeq: 6 });
    await bob.call('POST', `/rooms/${roomId}/read`, { readSeq: 6 });
    await settled(roomId, dan, anns, bobs, cids);
    const seen = (socket: TestSocket) => told(socket, roomId).map(({ userId }) => userId);
    expect([seen(anns), seen(bobs), seen(cids)].map((ids) => [...new Set(ids)].sort())).toEqual([
      [dan.id],
      [dan.id],
      [ann.id, bob.id, dan.id].sort(),
    ]);
    const listed = async (actor: Actor) => (await list(actor, roomId)).map(({ userId }) => userId).sort();
    expect(await Promise.all([ann, bob, cid].map(listed))).toEqual([
      [cid.id, dan.id].sort(),
      [cid.id, dan.id].sort(),
      [ann.id, bob.id, dan.id].sort(),
    ]);
  });

  it('are told in rooms up to the limit, and not above', async () => {
    const users = await world.users(5);
    const [small, large] = [await talk(users.slice(0, 4)), await talk(users)];
    const [anns, bobs] = [await users[0].connect(), await users[1].connect()];
    for (const roomId of [large, small]) expect((await mark(bobs, roomId, { readSeq: 2 })).event).toBe('ack');
    await settled(small, users[2], anns);
    expect([told(anns, small).length, told(anns, large)]).toEqual([2, []]);
    expect(await list(users[0], large)).toEqual([]);
  });

  it('are not told to or of somebody who was removed', async () => {
    const [ann, bob, cid] = await world.users(3);
    const roomId = await talk([ann, bob, cid]);
    const [anns, cids] = [await ann.connect(), await cid.connect()];
    await mark(cids, roomId, { readSeq: 3 });
    await ann.call('DELETE', `/rooms/${roomId}/members/${cid.id}`);
    const before = told(anns, roomId).length;
    await settled(roomId, bob, anns);
    expect(
      told(anns, roomId)
        .slice(before)
        .map(({ userId }) => userId),
    ).toEqual([bob.id]);
    expect(told(cids, roomId)).toEqual([]);
    expect((await list(ann, roomId)).map(({ userId }) => userId)).toEqual([bob.id]);
    expect((await mark(cids, roomId, { readSeq: 4 })).data.code).toBe('NOT_FOUND');
  });

  it.each([{ deliveredSeq: -1 }, { deliveredSeq: 1.5 }, { deliveredSeq: '3' }, { deliveredSeq: null }])(
    'refuses %j',
    async (wrong) => {
      const [ann, bob] = await world.users(2);
      const roomId = await talk([ann, bob], 1);
      const refused = await mark(await bob.connect(), roomId, { readSeq: 0, ...wrong });
      expect(refused).toMatchObject({ event: 'error', data: { code: 'VALIDATION_FAILED' } });
    },
  );
});
