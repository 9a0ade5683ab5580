import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberRoomView, MessageView, Page } from '../../src/protocol/views.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());

interface Hidden {
  readonly ann: Actor;
  readonly bob: Actor;
  readonly roomId: string;
  /** The rev of bob's joining, the first that he may see. */
  readonly firstRev: number;
  readonly old: MessageView;
}

const SECRET = 'secret of the first days';

/** A room with twelve old messages that bob may not see. */
async function hidden(): Promise<Hidden> {
  const [ann, bob] = await world.users(2);
  const { id: roomId } = await world.room([ann], { visibility: 'public' });
  await ann.call('PATCH', `/rooms/${roomId}`, { settings: { history: 'joining' } });
  for (let i = 0; i < 11; i++) await ann.say(roomId, SECRET);
  const old = await ann.say(roomId, SECRET);
  const { body } = await bob.call<MemberRoomView>('POST', `/rooms/${roomId}/join`);
  return { ann, bob, roomId, firstRev: body.headRev, old };
}

/** Every page that can be reached from here, in both directions. */
async function walk(actor: Actor, roomId: string, query: string): Promise<MessageView[]> {
  const seen = new Map<number, MessageView>();
  const open = [query];
  while (open.length > 0) {
    const path = `/rooms/${roomId}/messages?limit=2${open.pop()}`;
    const { status, body } = await actor.call<Page<MessageView>>('GET', path);
    expect(status).toBe(200);
    const fresh = body.items.filter(({ rev }) => !seen.has(rev));
    for (const item of body.items) seen.set(item.rev, item);
    if (fresh.length > 0) for (const cursor of [body.next, body.prev]) if (cursor) open.push(`&cursor=${cursor}`);
  }
  return [...seen.values()].sort((a, b) => a.rev - b.rev);
}

describe('a member who sees a room from his joining on', () => {
  it('finds nothing older on any page', async () => {
    const { ann, bob, roomId, firstRev } = await hidden();
    for (let i = 0; i < 5; i++) await ann.say(roomId, `new ${i}`);
    const revs = Array.from({ length: 6 }, (_, i) => firstRev + i);
    const places = ['', '&before=5', `&before=${firstRev}`, `&before=${firstRev + 1}`, '&after=0', '&after=3'];
    const more = ['&around=1', `&around=${firstRev - 1}`, `&around=${firstRev}`, '&at=2000-01-01T00:00:00Z'];
    for (const place of [...places, ...more]) {
      const seen = await walk(bob, roomId, place);
      expect([place, seen.filter(({ rev }) => rev < firstRev)]).toEqual([place, []]);
      expect(JSON.stringify(seen)).not.toContain(SECRET);
    }
    expect((await walk(bob, roomId, '')).map(({ rev }) => rev)).toEqual(revs);
    expect((await walk(bob, roomId, '&after=0')).map(({ rev }) => rev)).toEqual(revs);
    expect((await walk(ann, roomId, '')).map(({ rev }) => rev)[0]).toBe(1);
  });

  it('finds nothing older as one message, in changes, over the socket, or in a view', async () => {
    const { ann, bob, roomId, firstRev, old } = await hidden();
    expect((await bob.call('GET', `/messages/${old.id}`)).status).toBe(404);
    for (const since of [0, 5, firstRev - 1]) {
      const { body } = await bob.call('GET', `/rooms/${roomId}/changes?since=${since}`);
      expect(body.items.map(({ rev }: { rev: number }) => rev)).toEqual([firstRev]);
    }
    const socket = await bob.connect({ open: [roomId], cursor: { rooms: { [roomId]: 0 } } });
    await ann.say(roomId, 'new');
    await socket.next('message.created');
    expect(socket.durable(roomId).map(({ event, rev }) => [event, rev])).toEqual([
      ['skip', firstRev - 1],
      ['member.joined', firstRev],
      ['message.created', firstRev + 1],
    ]);
    const { data } = await socket.call('room.changes', { roomId, since: 0 });
    expect(data.items).toHaveLength(2);
    for (const path of [`/rooms/${roomId}`, '/rooms', '/sync', `/rooms/${roomId}/members`]) {
      expect(JSON.stringify((await bob.call('GET', path)).body)).not.toContain(SECRET);
    }
    expect(JSON.stringify(socket.frames)).not.toContain(SECRET);
  });

  it('finds nothing older after a reset either', async () => {
    const { bob, roomId, firstRev } = await hidden();
    const { body } = await bob.call('GET', `/rooms/${roomId}/changes?since=${firstRev + 100}`);
    expect(body).toMatchObject({ reset: true, toRev: firstRev });
    expect(body.items.map(({ rev }: { rev: number }) => rev)).toEqual([firstRev]);
  });

  it('has nothing unread that he cannot see, wherever he sets his mark', async () => {
    const { ann, bob, roomId } = await hidden();
    expect((await bob.call('GET', `/rooms/${roomId}`)).body).toMatchObject({ headSeq: 12, readSeq: 12, unread: 0 });
    for (let i = 0; i < 3; i++) await ann.say(roomId, 'new');
    const back = await bob.call('POST', `/rooms/${roomId}/read`, { readSeq: 0, unread: true });
    expect(back.body).toMatchObject({ readSeq: 12, unread: 3 });
    const socket = await bob.connect();
    const read = await socket.call('room.read', { roomId, readSeq: 14 });
    expect(read.data).toMatchObject({ readSeq: 14, unread: 1 });
    const again = await socket.call('room.read', { roomId, readSeq: 3, unread: true });
    expect(again.data).toMatchObject({ readSeq: 12, unread: 3 });
    const { body } = await bob.call('GET', '/sync');
    expect(body).toMatchObject({ unread: 3 });
  });

  it('sees the rest from his new joining when he comes back', async () => {
    const { ann, bob, roomId, firstRev } = await hidden();
    await ann.say(roomId, 'while he was here');
    await bob.call('POST', `/rooms/${roomId}/leave`);
    await ann.say(roomId, 'while he was away');
    const { body } = await bob.call('POST', `/rooms/${roomId}/join`);
    expect(body.headRev).toBe(firstRev + 4);
    expect((await walk(bob, roomId, '')).map(({ rev }) => rev)).toEqual([firstRev + 4]);
    expect(body).toMatchObject({ unread: 0 });
  });

  it('keeps what he may see when the setting changes, and so does everybody else', async () => {
    const { ann, bob, roomId, firstRev } = await hidden();
    await ann.call('PATCH', `/rooms/${roomId}`, { settings: { history: 'start' } });
    expect((await walk(bob, roomId, ''))[0].rev).toBe(firstRev);
    const [cid, dan] = await world.users(2);
    await cid.call('POST', `/rooms/${roomId}/join`);
    expect((await walk(cid, roomId, ''))[0].rev).toBe(1);
    await ann.call('PATCH', `/rooms/${roomId}`, { settings: { history: 'joining' } });
    expect((await walk(cid, roomId, ''))[0].rev).toBe(1);
    await ann.call('PUT', `/rooms/${roomId}/members/${dan.id}`, {});
    expect((await walk(dan, roomId, ''))[0].payload).toMatchObject({ type: 'member.joined', userId: dan.id });
  });

  it('gets his own old message again when he sends it again, and no other', async () => {
    const { bob, roomId, old } = await hidden();
    const answer = await bob.call('POST', `/rooms/${roomId}/messages`, { id: old.id, text: SECRET });
    expect([answer.status, answer.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
    expect((await bob.call('POST', `/rooms/${roomId}/messages`, { id: newUlid(), text: 'mine' })).status).toBe(201);
  });
});
