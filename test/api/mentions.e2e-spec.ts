import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageView } from '../../src/protocol/views.js';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.stop());

const refusalOf = ({ status, body }: { status: number; body: any }) => [status, body?.code];
const post = (actor: Actor, roomId: string, body: object) => actor.call('POST', `/rooms/${roomId}/messages`, body);
const read = async (actor: Actor, roomId: string, readSeq: number, more = {}) =>
  (await actor.call('POST', `/rooms/${roomId}/read`, { readSeq, ...more })).body;

/** What every place says that counts the unread mentions of somebody. */
async function countsOf(actor: Actor, roomId: string) {
  const socket = await actor.open();
  const ready = await socket.call('session.start', { token: actor.token });
  const room = ready.data.rooms.find((one: { roomId: string }) => one.roomId === roomId);
  await socket.close();
  return {
    room: (await actor.call('GET', `/rooms/${roomId}`)).body.mentions,
    sync: (await actor.call('GET', '/sync')).body.mentions,
    ready: room.mentions,
  };
}
const all = (count: number) => ({ room: count, sync: count, ready: count });

describe('mentions', () => {
  it('are counted for who is meant until he has read them, and for nobody else', async () => {
    const [ann, bob, carl] = await world.users(3);
    const room = await world.room([ann, bob, carl]);
    const socket = await carl.connect();
    const first = await post(ann, room.id, { text: 'hey Bob', mentions: [bob.id] });
    expect(first.body.mentions).toEqual([bob.id]);
    await post(ann, room.id, { text: 'nobody' });
    const last = (await post(carl, room.id, { text: 'Bob?', mentions: [bob.id, carl.id] })).body;
    expect((await socket.next('message.created')).data).toEqual(first.body);
    expect(await countsOf(bob, room.id)).toEqual(all(2));
    expect(await countsOf(ann, room.id)).toEqual(all(0));
    expect(await countsOf(carl, room.id)).toEqual(all(0));
    expect((await read(bob, room.id, first.body.seq)).mentions).toBe(1);
    const own = await bob.connect();
    expect((await read(bob, room.id, last.seq)).mentions).toBe(0);
    expect((await own.next('read.updated')).data).toMatchObject({ unread: 0, mentions: 0 });
    expect((await read(bob, room.id, 0, { unread: true })).mentions).toBe(2);
    await ann.call('DELETE', `/messages/${first.body.id}`);
    // As an unread message does, it counts until he has read that far.
    expect(await countsOf(bob, room.id)).toEqual(all(2));
  });

  it('are told in short to who follows open rooms only, as many as he has not read', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const before = (await post(ann, room.id, { text: 'Bob!', mentions: [bob.id] })).body;
    const [short, other] = [await bob.connect({ follow: 'open' }), await ann.connect({ follow: 'open' })];
    const told = async (socket: TestSocket, headSeq: number) => {
      const { data } = await socket.next('room.activity', (frame) => frame.data.headSeq === headSeq);
      return data.mentions as number;
    };
    await ann.say(room.id, 'nobody');
    expect([await told(short, 2), await told(other, 2)]).toEqual([1, 0]);
    await post(ann, room.id, { text: 'Bob?', mentions: [bob.id] });
    expect([await told(short, 3), await told(other, 3)]).toEqual([2, 0]);
    await read(bob, room.id, 3);
    await ann.say(room.id, 'nobody');
    expect(await told(short, 4)).toBe(0);
    await read(bob, room.id, before.seq - 1, { unread: true });
    await ann.say(room.id, 'nobody');
    expect(await told(short, 5)).toBe(2);
  });

  it('count what came while the room was open', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect({ follow: 'open', open: [room.id] });
    await post(ann, room.id, { text: 'Bob!', mentions: [bob.id] });
    await socket.next('message.created');
    await socket.call('room.close', { roomId: room.id });
    await ann.say(room.id, 'nobody');
    expect((await socket.next('room.activity')).data).toMatchObject({ headSeq: 2, mentions: 1 });
  });

  it('of everybody are for admins, and count for all but the sender', async () => {
    const [ann, bob, carl] = await world.users(3);
    const room = await world.room([ann, bob, carl]);
    const { body } = await post(ann, room.id, { text: 'listen', mentions: ['all'] });
    expect(body.mentions).toEqual(['all']);
    for (const member of [bob, carl]) expect(await countsOf(member, room.id)).toEqual(all(1));
    expect(await countsOf(ann, room.id)).toEqual(all(0));
    await read(ann, room.id, 0, { unread: true });
    expect(await countsOf(ann, room.id)).toEqual(all(0));
    expect(refusalOf(await post(bob, room.id, { text: 'me too', mentions: ['all'] }))).toEqual([403, 'FORBIDDEN']);
    const abilities = (await bob.call('GET', `/rooms/${room.id}/abilities`)).body;
    expect(abilities['message.mentionAll']).toEqual({ allowed: false, code: 'FORBIDDEN' });
  });

  it('of who is no member, or between whom there is a block, count for nobody', async () => {
    const [ann, bob, carl, eve] = await world.users(4);
    const room = await world.room([ann, bob, carl]);
    await bob.call('PUT', `/blocks/${ann.id}`);
    const { body } = await post(ann, room.id, { text: 'you two', mentions: [bob.id, eve.id, carl.id] });
    expect(body.mentions).toEqual([bob.id, carl.id]);
    await post(ann, room.id, { text: 'all', mentions: ['all'] });
    expect(await countsOf(bob, room.id)).toEqual(all(0));
    expect(await countsOf(carl, room.id)).toEqual(all(2));
    await ann.call('PUT', `/rooms/${room.id}/members/${eve.id}`);
    expect(await countsOf(eve, room.id)).toEqual(all(0));
  });

  it('count at once as read for who answers', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    await post(ann, room.id, { text: 'Bob?', mentions: [bob.id] });
    await bob.say(room.id, 'yes');
    expect(await countsOf(bob, room.id)).toEqual(all(0));
  });

  it('are of so many members and not of one more', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const ids = Array.from({ length: 51 }, newUlid);
    expect((await post(ann, room.id, { text: 'x', mentions: ids.slice(0, 50) })).status).toBe(201);
    expect(refusalOf(await post(ann, room.id, { text: 'x', mentions: ids }))).toEqual([422, 'VALIDATION_FAILED']);
  });

  it('are a part of the message: with others the key is another message', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const body = { id: newUlid(), text: 'hey', mentions: [bob.id] };
    const first = await post(ann, room.id, body);
    const again = await post(ann, room.id, body);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(refusalOf(await post(ann, room.id, { ...body, mentions: [] }))).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    const socket = await ann.connect();
    const ack = await socket.call('message.send', { roomId: room.id, ...body });
    expect(ack.data).toMatchObject({ seq: first.body.seq, duplicate: true });
    expect(await countsOf(bob, room.id)).toEqual(all(1));
  });
});

describe('replies', () => {
  it('show what they answer to as it is now, and are listed with it', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const socket = await bob.connect();
    const asked = await ann.say(room.id, 'question');
    const { body } = await post(bob, room.id, { text: 'answer', replyToId: asked.id });
    expect(body.replyTo).toEqual({ id: asked.id, senderId: ann.id, text: 'question' });
    expect((await socket.next('message.created', ({ data }) => data.id === body.id)).data).toEqual(body);
    await ann.call('PATCH', `/messages/${asked.id}`, { text: 'q'.repeat(300) });
    const shown = async () => (await ann.call('GET', `/messages/${body.id}`)).body.replyTo;
    expect(await shown()).toEqual({ id: asked.id, senderId: ann.id, text: 'q'.repeat(200) });
    const more = await post(ann, room.id, { text: 'thanks', replyToId: asked.id });
    const list = async (query = '') => (await bob.call('GET', `/messages/${asked.id}/replies${query}`)).body;
    expect((await list()).items.map(({ id }: MessageView) => id)).toEqual([body.id, more.body.id]);
    const page = await list('?limit=1');
    expect((await list(`?limit=1&cursor=${page.next}`)).items[0].id).toBe(more.body.id);
    await ann.call('DELETE', `/messages/${asked.id}`);
    expect(await shown()).toEqual({ id: asked.id, senderId: ann.id, text: null });
    const changes = (await bob.call('GET', `/rooms/${room.id}/changes?since=${asked.rev}`)).body.items;
    expect(changes[0].data.replyTo).toEqual({ id: asked.id, senderId: ann.id, text: null });
  });

  it('answer to nothing that is elsewhere, gone, a notice, or hidden', async () => {
    const [ann, bob] = await world.users(2);
    const [room, other] = [await world.room([ann, bob]), await world.room([ann, bob])];
    const elsewhere = await ann.say(other.id);
    const gone = await ann.say(room.id);
    await ann.call('DELETE', `/messages/${gone.id}`);
    const [notice] = (await ann.call('GET', `/rooms/${room.id}/messages`)).body.items;
    const answer = async (replyToId: string) => refusalOf(await post(ann, room.id, { text: 'x', replyToId }));
    expect(await answer(elsewhere.id)).toEqual([404, 'NOT_FOUND']);
    expect(await answer(newUlid())).toEqual([404, 'NOT_FOUND']);
    expect(await answer(notice.id)).toEqual([404, 'NOT_FOUND']);
    expect(await answer(gone.id)).toEqual([410, 'GONE']);
  });

  it('hide what they answer to from who joined behind it, and in frames from all as long as one is such', async () => {
    const [ann, bob, late] = await world.users(3);
    const room = await world.room([ann, bob]);
    await ann.call('PATCH', `/rooms/${room.id}`, { settings: { history: 'joining' } });
    const hidden = await ann.say(room.id, 'hIdDeN');
    await ann.call('PUT', `/rooms/${room.id}/members/${late.id}`);
    const [early, lately] = [await bob.connect(), await late.connect()];
    expect(refusalOf(await post(late, room.id, { text: 'x', replyToId: hidden.id }))).toEqual([404, 'NOT_FOUND']);
    const { body } = await post(bob, room.id, { text: 'answer', replyToId: hidden.id });
    expect(body.replyTo.text).toBe('hIdDeN');
    for (const socket of [early, lately]) {
      expect((await socket.next('message.created', ({ data }) => data.id === body.id)).data.replyTo).toBeNull();
    }
    const seen = [
      await late.call('GET', `/messages/${body.id}`),
      await late.call('GET', `/rooms/${room.id}/messages`),
      await late.call('GET', `/rooms/${room.id}/changes?since=${body.rev - 1}`),
      await late.call('GET', '/sync'),
    ];
    expect(JSON.stringify([lately.frames, seen.map((answer) => answer.body)])).not.toContain('hIdDeN');
  });
});

describe('a forwarded message', () => {
  it('is a copy of what it said then, whatever becomes of it', async () => {
    const [ann, bob, carl] = await world.users(3);
    const [from, to] = [await world.room([ann, bob]), await world.room([bob, carl])];
    const said = await ann.say(from.id, 'worth telling');
    const id = newUlid();
    const { status, body } = await post(bob, to.id, { id, forwardOf: said.id });
    expect([status, body.text, body.senderId]).toEqual([201, 'worth telling', bob.id]);
    const forwarded = { id: said.id, senderId: ann.id, createdAt: said.createdAt };
    expect(body.payload).toEqual({ forwarded });
    await ann.call('PATCH', `/messages/${said.id}`, { text: 'never said' });
    expect((await post(bob, to.id, { id, forwardOf: said.id })).body).toEqual(body);
    expect((await carl.call('GET', `/messages/${id}`)).body).toEqual(body);
    expect(refusalOf(await carl.call('GET', `/messages/${said.id}`))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await bob.call('PATCH', `/messages/${id}`, { text: 'x' }))).toEqual([403, 'FORBIDDEN']);
    const again = (await post(bob, from.id, { forwardOf: id })).body;
    expect(again.payload).toEqual({ forwarded });
    // Whoever repeats it later hears that it is stored, whatever has become of what he forwarded.
    await ann.call('DELETE', `/messages/${said.id}`);
    const late = await post(bob, to.id, { id, forwardOf: said.id });
    expect([late.status, late.body]).toEqual([200, body]);
    expect(refusalOf(await post(bob, to.id, { id: newUlid(), forwardOf: said.id }))).toEqual([410, 'GONE']);
  });

  it('is stored in front of what is sent behind it', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob]);
    const { id: forwardOf } = await ann.say(room.id, 'worth telling');
    const [socket, reader] = [await ann.connect(), await bob.connect()];
    socket.send('message.send', { roomId: room.id, id: newUlid(), text: 'look:' });
    socket.send('message.send', { roomId: room.id, id: newUlid(), forwardOf });
    socket.send('message.send', { roomId: room.id, id: newUlid(), text: 'see above' });
    await reader.until(() => reader.of('message.created').length === 3, 'three messages');
    const texts = reader.of('message.created').map(({ data }) => data.text);
    expect(texts).toEqual(['look:', 'worth telling', 'see above']);
  });

  it('is of what one may see, is there, and stands alone', async () => {
    const [ann, bob, eve] = await world.users(3);
    const [room, own] = [await world.room([ann, bob]), await world.room([eve])];
    const { id } = await ann.say(room.id, 'sEcReT');
    const refused = await post(eve, own.id, { forwardOf: id });
    expect(refusalOf(refused)).toEqual([404, 'NOT_FOUND']);
    const mixed = await post(ann, room.id, { forwardOf: id, text: 'look' });
    expect([refusalOf(mixed), mixed.body.errors[0].path]).toEqual([[422, 'VALIDATION_FAILED'], 'forwardOf']);
    await ann.call('DELETE', `/messages/${id}`);
    expect(refusalOf(await post(bob, room.id, { forwardOf: id }))).toEqual([410, 'GONE']);
    expect((await eve.call('GET', `/rooms/${own.id}/messages`)).body.items).toHaveLength(1);
  });
});
