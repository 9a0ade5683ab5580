import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { UsersService } from '../../src/users/users.service.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

const inShort = ({ status, body }: Answer) => (body?.code ? `${status} ${body.code}` : String(status));
const open = (actor: Actor, other: { id: string }) => actor.call('POST', '/rooms/direct', { userId: other.id });
const send = (actor: Actor, roomId: string, id = newUlid()) =>
  actor.call('POST', `/rooms/${roomId}/messages`, { id, text: 'hello' });
const block = (actor: Actor, other: Actor) => actor.call('PUT', `/blocks/${other.id}`);
const unblock = (actor: Actor, other: Actor) => actor.call('DELETE', `/blocks/${other.id}`);
const choose = (actor: Actor, contact: string) => actor.call('PATCH', '/preferences', { contact });
const add = (actor: Actor, roomId: string, other: Actor) =>
  actor.call('PUT', `/rooms/${roomId}/members/${other.id}`, {});
const create = (actor: Actor, ...others: Actor[]) =>
  actor.call('POST', '/rooms', { name: 'A room', visibility: 'private', memberIds: others.map(({ id }) => id) });
const suspend = (actor: Actor) => world.app.get(UsersService).suspend(Principal.system('a test'), actor.id, 'a test');

/** What the one gets who asks for something of the other: everything that `contact` and blocks are about. */
async function asks(one: Actor, other: Actor): Promise<Record<string, string>> {
  const { id } = await world.room([one]);
  const answers = {
    direct: await open(one, other),
    add: await add(one, id, other),
    create: await create(one, other),
    befriend: await one.call('POST', '/friends/requests', { userId: other.id }),
  };
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, inShort(answer)]));
}

const all = (answer: string, befriend = answer) => ({ direct: answer, add: answer, create: answer, befriend });

describe('who may ask what of whom', () => {
  it.each([
    ['a stranger, of somebody open to everybody', async () => undefined, all('201'), all('201', '201')],
    [
      'a stranger, of somebody who wants friends only',
      (_: Actor, bob: Actor) => choose(bob, 'friends'),
      all('403 CONTACT_CLOSED', '201'),
      all('201'),
    ],
    [
      'a stranger, of somebody who wants nobody',
      (_: Actor, bob: Actor) => choose(bob, 'nobody'),
      all('403 CONTACT_CLOSED', '201'),
      all('201'),
    ],
    [
      'a friend, of somebody who wants friends only',
      async (ann: Actor, bob: Actor) => {
        await world.befriend(ann, bob);
        await choose(bob, 'friends');
      },
      all('201', '409 CONFLICT'),
      { ...all('201', '409 CONFLICT'), direct: '200' },
    ],
    [
      'a friend, of somebody who wants nobody',
      async (ann: Actor, bob: Actor) => {
        await world.befriend(ann, bob);
        await choose(bob, 'nobody');
      },
      all('403 CONTACT_CLOSED', '409 CONFLICT'),
      all('201', '409 CONFLICT'),
    ],
    [
      'the blocked one, and the blocker',
      (ann: Actor, bob: Actor) => block(bob, ann),
      all('403 BLOCKED'),
      all('403 BLOCKED'),
    ],
    [
      'a blocked one, of somebody who wants nobody: the block is told',
      async (ann: Actor, bob: Actor) => {
        await choose(bob, 'nobody');
        await block(bob, ann);
      },
      all('403 BLOCKED'),
      all('403 BLOCKED'),
    ],
    [
      'anybody, of a suspended user',
      (_: Actor, bob: Actor) => suspend(bob),
      all('404 NOT_FOUND'),
      all('401 UNAUTHORIZED'),
    ],
  ])('%s', async (name, prepare, ofAnn, ofBob) => {
    const [ann, bob] = await world.users(2);
    await prepare(ann, bob);
    expect(await asks(ann, bob)).toEqual(ofAnn);
    if (name.includes('suspended')) return;
    const { direct, ...rest } = await asks(bob, ann);
    // The direct room is there already where the first one could make it.
    const made = ofAnn.direct === '201' ? '200' : ofBob.direct;
    expect({ direct, ...rest }).toEqual({ ...ofBob, direct: made });
  });

  it('somebody without an end: a room with one who refuses is not made at all, and joining is one’s own matter', async () => {
    const [ann, bob, cid] = await world.users(3);
    await choose(cid, 'nobody');
    expect(inShort(await create(ann, bob, cid))).toBe('403 CONTACT_CLOSED');
    expect((await bob.call('GET', '/rooms')).body.items).toEqual([]);
    const { id } = await world.room([ann], { visibility: 'public' });
    expect((await cid.call('POST', `/rooms/${id}/join`)).status).toBe(200);
    expect((await add(ann, id, cid)).status).toBe(200);
  });

  it('oneself: notes can always be written', async () => {
    const ann = await world.user();
    await choose(ann, 'nobody');
    const { status, body } = await open(ann, ann);
    expect([status, (await send(ann, body.id)).status]).toEqual([201, 201]);
  });
});

describe('a direct room that exists', () => {
  async function pair(): Promise<{ ann: Actor; bob: Actor; roomId: string }> {
    const [ann, bob] = await world.users(2);
    const roomId = (await open(ann, bob)).body.id as string;
    await ann.say(roomId);
    await bob.say(roomId);
    return { ann, bob, roomId };
  }

  it('takes nothing of either while one has blocked the other, and is there to be read', async () => {
    const { ann, bob, roomId } = await pair();
    await block(ann, bob);
    const answers = [await send(ann, roomId), await send(bob, roomId)];
    expect(answers.map(inShort)).toEqual(['403 BLOCKED', '403 BLOCKED']);
    for (const actor of [ann, bob]) {
      expect((await open(actor, actor === ann ? bob : ann)).status).toBe(200);
      expect((await actor.call('GET', `/rooms/${roomId}/messages`)).body.items).toHaveLength(2);
    }
    await block(bob, ann);
    await unblock(ann, bob);
    expect(inShort(await send(ann, roomId))).toBe('403 BLOCKED');
    await unblock(bob, ann);
    expect([(await send(ann, roomId)).status, (await send(bob, roomId)).status]).toEqual([201, 201]);
  });

  it('answers a repeat of what was stored before the block with what is stored', async () => {
    const { ann, bob, roomId } = await pair();
    const id = newUlid();
    const first = await send(bob, roomId, id);
    await block(ann, bob);
    const again = await send(bob, roomId, id);
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('follows the preference of who is written to, from the answer on', async () => {
    const { ann, bob, roomId } = await pair();
    await choose(ann, 'nobody');
    expect([inShort(await send(bob, roomId)), (await send(ann, roomId)).status]).toEqual(['403 CONTACT_CLOSED', 201]);
    await choose(ann, 'friends');
    expect(inShort(await send(bob, roomId))).toBe('403 CONTACT_CLOSED');
    await world.befriend(bob, ann);
    expect((await send(bob, roomId)).status).toBe(201);
    await bob.call('DELETE', `/friends/${ann.id}`);
    expect(inShort(await send(bob, roomId))).toBe('403 CONTACT_CLOSED');
    await choose(ann, 'everybody');
    expect((await send(bob, roomId)).status).toBe(201);
    await ann.call('PATCH', '/preferences', { receipts: false });
    expect((await send(bob, roomId)).status).toBe(201);
  });

  it('holds over the socket alike, and for every direct room of who chooses', async () => {
    const [ann, ...others] = await world.users(4);
    const rooms = await Promise.all(others.map(async (other) => (await open(other, ann)).body.id as string));
    const sockets = await Promise.all(others.map((other) => other.connect()));
    const sendAll = () =>
      Promise.all(
        sockets.map(async (socket, i) => {
          const answer = await socket.call('message.send', { roomId: rooms[i], id: newUlid(), text: 'x' });
          return answer.event === 'ack' ? 'ack' : `${answer.data.status} ${answer.data.code}`;
        }),
      );
    expect(await sendAll()).toEqual(['ack', 'ack', 'ack']);
    await choose(ann, 'nobody');
    expect(await sendAll()).toEqual(rooms.map(() => '403 CONTACT_CLOSED'));
    await choose(ann, 'everybody');
    expect(await sendAll()).toEqual(['ack', 'ack', 'ack']);
    await block(others[1], ann);
    expect(await sendAll()).toEqual(['ack', '403 BLOCKED', 'ack']);
  });
});

describe('messages of somebody whom the reader has blocked', () => {
  it('are marked for him alone, in every answer that shows them', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id: roomId } = await world.room([ann, bob, cid]);
    const texts = [await bob.say(roomId, 'one'), await cid.say(roomId, 'two'), await bob.say(roomId, 'three')];
    await block(ann, bob);
    const socket = await ann.connect();
    const live = await bob.say(roomId, 'four');
    const messagesOf = async (actor: Actor) =>
      ((await actor.call('GET', `/rooms/${roomId}/messages`)).body.items as { text: string; blocked?: boolean }[])
        .filter(({ text }) => text !== null)
        .map(({ text, blocked }) => [text, blocked]);
    expect(await messagesOf(ann)).toEqual([
      ['one', true],
      ['two', undefined],
      ['three', true],
      ['four', true],
    ]);
    for (const other of [bob, cid]) expect((await messagesOf(other)).some(([, blocked]) => blocked)).toBe(false);
    const markOf = async (actor: Actor, id: string) => (await actor.call('GET', `/messages/${id}`)).body.blocked;
    expect([await markOf(ann, texts[0].id), await markOf(ann, texts[1].id), await markOf(cid, texts[0].id)]).toEqual([
      true,
      undefined,
      undefined,
    ]);
    const changes = (await ann.call('GET', `/rooms/${roomId}/changes?since=3`)).body.items as { data: any }[];
    expect(changes.map(({ data }) => [data.text, data.blocked])).toEqual([
      ['one', true],
      ['two', undefined],
      ['three', true],
      ['four', true],
    ]);
    expect((await ann.call('GET', `/rooms/${roomId}`)).body.lastMessage).toMatchObject({ text: 'four', blocked: true });
    expect((await cid.call('GET', `/rooms/${roomId}`)).body.lastMessage).not.toHaveProperty('blocked');
    const membersOf = async (actor: Actor) =>
      (
        (await actor.call('GET', `/rooms/${roomId}/members`)).body.items as {
          user: { id: string };
          blocked?: boolean;
        }[]
      )
        .filter(({ blocked }) => blocked)
        .map(({ user }) => user.id);
    expect([await membersOf(ann), await membersOf(bob), await membersOf(cid)]).toEqual([[bob.id], [], []]);
    // A frame is the same for everybody.
    expect((await socket.next('message.created')).data).toEqual(live);
    await unblock(ann, bob);
    expect((await messagesOf(ann)).some(([, blocked]) => blocked)).toBe(false);
  });

  it('are only those: notices of what he did are not', async () => {
    const [ann, bob, cid] = await world.users(3);
    const { id: roomId } = await world.room([bob, ann]);
    await block(ann, bob);
    await add(bob, roomId, cid);
    const { items } = (await ann.call('GET', `/rooms/${roomId}/messages`)).body;
    expect(items.filter(({ blocked }: { blocked?: boolean }) => blocked)).toEqual([]);
  });
});
