import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, engine } from '../support/engine.js';
import type { TestSocket } from '../support/socket.js';
import { Actor, World, newUlid } from '../support/world.js';

const send = (socket: TestSocket, roomId: string, id = newUlid()) =>
  socket.call('message.send', { roomId, id, text: id });

/** So often, one right after the other, that a node takes the room's head as known. */
async function sayOften(socket: TestSocket, roomId: string, times = 5): Promise<number> {
  let rev = 0;
  for (let i = 0; i < times; i++) rev = (await send(socket, roomId)).data.rev;
  return rev;
}

describe('a head that is taken as known', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('is read again where somebody else has written meanwhile, and the message gets the next numbers', async () => {
    const [ann, bob] = await world.users(2);
    const { id: roomId } = await world.room([ann, bob]);
    const { id: otherId } = await world.room([ann]);
    const [socket, reader] = [await ann.connect(), await bob.connect()];
    const rev = await sayOften(socket, roomId);
    const columns = 'id, roomId, rev, lastRev, seq, kind, senderId, text, bodyHash, createdAt';
    const [stranger, values] = [newUlid(), 'roomId, rev + 1, lastRev + 1, seq + 1, kind, senderId, text, bodyHash'];
    await world.app.rows(
      `INSERT INTO messages (${columns}) SELECT '${stranger}', ${values}, createdAt FROM messages ` +
        `WHERE roomId = '${roomId}' AND rev = ${rev}`,
    );
    await world.app.rows(`UPDATE rooms SET headRev = headRev + 1, headSeq = headSeq + 1 WHERE id = '${roomId}'`);
    await sayOften(socket, otherId);
    const acks = await Promise.all([send(socket, roomId), send(socket, roomId)]);
    expect(acks.map(({ data }) => data.rev)).toEqual([rev + 2, rev + 3]);
    await reader.until(() => reader.durable(roomId).length >= 8, 'all of them');
    expect(reader.durable(roomId).map((frame) => frame.rev)).toEqual(Array.from({ length: 8 }, (_, i) => rev - 4 + i));
  });
});

// SQLite has one node.
describe.runIf(engine === 'mysql')('two nodes on one database', () => {
  let [here, there]: World[] = [];
  let [ann, bob]: Actor[] = [];
  beforeAll(async () => {
    const database = await createDatabase();
    here = await World.create({}, { database });
    there = await World.create({}, { database });
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
  });
  const isOn = (world: World, actor: Actor) => new Actor(world, actor.tokens);

  it('give out each number once, in one order for both', async () => {
    [ann, bob] = await here.users(2);
    const { id: roomId } = await here.room([ann, bob]);
    const sockets = [await ann.connect(), await isOn(there, bob).connect()];
    const acks = [];
    for (let turn = 0; turn < 60; turn++) {
      // In turns of one each, of several by one of them, and of both at once.
      const senders = turn % 3 === 0 ? sockets : turn % 3 === 1 ? [sockets[0], sockets[0]] : [sockets[turn % 2]];
      acks.push(...(await Promise.all(senders.map((socket) => send(socket, roomId)))));
    }
    const revs = acks.map(({ data }) => data.rev as number).sort((a, b) => a - b);
    expect(revs).toEqual(Array.from({ length: revs.length }, (_, i) => 3 + i));
    for (const socket of sockets) {
      await socket.until(() => socket.of('message.created').length >= revs.length, 'all of them');
      expect(socket.durable(roomId).map((frame) => frame.rev)).toEqual(revs);
    }
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('tell their members what became of a message on the other one, in one order, and nobody else', async () => {
    const [cid, dan, eve] = await here.users(3);
    const { id: roomId } = await here.room([cid, dan]);
    const [near, far, stranger] = [await cid.connect(), await isOn(there, dan).connect(), await eve.connect()];
    const { id, rev } = await cid.say(roomId, 'one');
    const steps: readonly (readonly [Actor, string, string, object?])[] = [
      [isOn(there, cid), 'PATCH', '', { text: 'two' }],
      [dan, 'PUT', `/reactions/${encodeURIComponent('👍')}`],
      [isOn(there, cid), 'PUT', '/pin'],
      [cid, 'PATCH', '', { text: 'three' }],
      [isOn(there, cid), 'DELETE', ''],
    ];
    for (const [actor, method, path, body] of steps) {
      expect((await actor.call(method, `/messages/${id}${path}`, body)).status).toBeLessThan(300);
    }
    const last = rev + steps.length;
    for (const socket of [near, far]) {
      const isThere = () => socket.durable(roomId).some((frame) => frame.rev === last);
      await socket.until(isThere, 'the deletion');
      const revs = socket.durable(roomId).map((frame) => Number(frame.rev));
      expect(revs).toEqual([...new Set(revs)].sort((a, b) => a - b));
      // What is healed is told as it is then: perhaps only once, where it was sent.
      const shown = socket.durable(roomId).filter(({ data }) => data?.id === id && data.deletedAt);
      expect(shown.at(-1)?.data).toMatchObject({ text: null, lastRev: last });
    }
    const { body } = await isOn(there, dan).call('GET', `/rooms/${roomId}/changes?since=${rev - 1}`);
    expect(body.items).toMatchObject([{ rev, data: { text: null, pinned: false, reactions: [], lastRev: last } }]);
    expect(stranger.durable(roomId)).toEqual([]);
    await Promise.all([near, far, stranger].map((socket) => socket.close()));
  });

  it('refuse whom somebody has blocked on the other one, and take what comes when that has ended, from the answer on', async () => {
    const cid = await here.user();
    const { body } = await cid.call('POST', '/rooms/direct', { userId: ann.id });
    const { id: otherId } = await here.room([cid]);
    const cidHere = await cid.connect();
    const annThere = isOn(there, ann);
    for (let i = 0; i < 5; i++) {
      await sayOften(cidHere, body.id as string);
      await annThere.call('PUT', `/blocks/${cid.id}`);
      await sayOften(cidHere, otherId);
      expect(await send(cidHere, body.id as string)).toMatchObject({ event: 'error', data: { code: 'BLOCKED' } });
      await annThere.call('DELETE', `/blocks/${cid.id}`);
      await sayOften(cidHere, otherId);
      expect(await send(cidHere, body.id as string)).toMatchObject({ event: 'ack' });
    }
  });

  it('refuse whom the other one has muted, and hold to settings that it has changed, from the answer on', async () => {
    const cid = await here.user();
    const { id: roomId } = await here.room([ann, cid]);
    const { id: otherId } = await here.room([ann, cid]);
    const [annHere, cidHere] = [await ann.connect(), await cid.connect()];
    const annThere = isOn(there, ann);
    const mute = (mutedUntil: string | null) =>
      annThere.call('PUT', `/rooms/${roomId}/members/${cid.id}`, { mutedUntil });
    const set = (settings: object) => annThere.call('PATCH', `/rooms/${roomId}`, { settings });
    const expectCode = async (code: string | undefined) => {
      // So that this node has just stored a flush, and takes heads as known.
      await sayOften(annHere, otherId);
      expect((await send(cidHere, roomId)).data.code).toBe(code);
    };
    for (let i = 0; i < 3; i++) {
      await sayOften(cidHere, roomId);
      await mute('2100-01-01T00:00:00Z');
      await expectCode('MUTED');
      await mute(null);
      await expectCode(undefined);
      await set({ readOnly: true });
      await expectCode('ROOM_READ_ONLY');
      await set({ readOnly: false });
      await expectCode(undefined);
    }
    await Promise.all([annHere, cidHere].map((socket) => socket.close()));
  });

  it('let one message of a member pass in slow mode, whichever it comes to', async () => {
    const cid = await here.user();
    const { id: roomId } = await here.room([ann, cid]);
    const sockets = [await cid.connect(), await isOn(there, cid).connect()];
    for (let round = 0; round < 5; round++) {
      await ann.call('PATCH', `/rooms/${roomId}`, { settings: { slowModeSeconds: 600 } });
      const answers = await Promise.all([...sockets, ...sockets].map((socket) => send(socket, roomId)));
      expect(answers.filter(({ event }) => event === 'ack')).toHaveLength(1);
      expect(answers.filter(({ data }) => data.code === 'SLOW_MODE')).toHaveLength(3);
      for (const socket of sockets) expect((await send(socket, roomId)).data.code).toBe('SLOW_MODE');
      await ann.call('PATCH', `/rooms/${roomId}`, { settings: { slowModeSeconds: 0 } });
    }
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  it('refuse whom the other one has removed, and let in whom it has let in, from the answer on', async () => {
    const cid = await here.user();
    const { id: roomId } = await here.room([ann, bob, cid]);
    const { id: otherId } = await here.room([ann]);
    const [annHere, cidHere] = [await ann.connect(), await cid.connect()];
    const annThere = isOn(there, ann);
    for (let i = 0; i < 5; i++) {
      await sayOften(annHere, roomId);
      await sayOften(cidHere, roomId);
      await annThere.call('DELETE', `/rooms/${roomId}/members/${cid.id}`);
      await sayOften(annHere, otherId);
      expect(await send(cidHere, roomId)).toMatchObject({ event: 'error', data: { code: 'NOT_FOUND' } });
      await sayOften(annHere, roomId);
      const { status } = await annThere.call('PUT', `/rooms/${roomId}/members/${cid.id}`);
      expect(status).toBeLessThan(300);
      await sayOften(annHere, otherId);
      expect(await send(cidHere, roomId)).toMatchObject({ event: 'ack' });
    }
    const rows = await here.app.rows<{ rev: number }>(
      `SELECT rev FROM messages WHERE roomId = '${roomId}' ORDER BY rev`,
    );
    expect(rows.map(({ rev }) => Number(rev))).toEqual(rows.map((_, i) => i + 1));
  });
});
