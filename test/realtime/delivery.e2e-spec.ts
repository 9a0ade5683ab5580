import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageView } from '../../src/protocol/views.js';
import { World, newUlid } from '../support/world.js';

describe('delivery', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  it('reaches every device of every member, the sender too, and nobody else', async () => {
    const [ann, bob, eve] = await world.users(3);
    const room = await world.room([ann, bob], { visibility: 'public' });
    const sockets = await Promise.all([ann.connect(), ann.connect(), bob.connect(), bob.connect()]);
    const outsider = await eve.connect();
    const id = newUlid();
    const ack = await sockets[0].call('message.send', { roomId: room.id, id, text: 'hi' });
    expect(ack).toMatchObject({ event: 'ack', data: { id, seq: 1, rev: 3, duplicate: false } });
    for (const socket of sockets) {
      const frame = await socket.next('message.created');
      expect(frame).toMatchObject({ roomId: room.id, rev: 3, data: { id, seq: 1, text: 'hi', senderId: ann.id } });
      expect(frame.at).toBe(ack.data.createdAt);
    }
    await outsider.call('ping');
    expect(outsider.of('message.created')).toEqual([]);
  });

  it('sends the ack before the event', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const socket = await ann.connect();
    for (let i = 0; i < 20; i++) {
      const id = newUlid();
      await socket.call('message.send', { roomId: room.id, id, text: 'hi' });
      await socket.next('message.created', (frame) => frame.data.id === id);
      const places = socket.frames.flatMap((frame, at) => (frame.data.id === id ? [[frame.event, at]] : []));
      expect(places.map(([event]) => event)).toEqual(['ack', 'message.created']);
    }
  });

  it('keeps one order: acks, every device, history and catch-up', async () => {
    const people = await world.users(4);
    const room = await world.room(people);
    const first = people.length;
    const sockets = await Promise.all(people.map((person) => person.connect()));
    const second = await people[3].connect();
    const sends = people.map((_, sender) =>
      Array.from({ length: 200 }, (__, i) => ({ roomId: room.id, id: newUlid(), text: `${sender} ${i}` })),
    );
    const asked = sockets.map((socket, sender) => sends[sender].map((send) => socket.send('message.send', send)));
    const acks = await Promise.all(
      asked.map((ids, sender) => Promise.all(ids.map((id) => sockets[sender].answerTo(id)))),
    );
    for (const own of acks) {
      const seqs = own.map((ack) => ack.data.seq as number);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
    const all = acks.flat().sort((a, b) => a.data.seq - b.data.seq);
    expect(all.map((ack) => ack.data.seq)).toEqual(all.map((_, i) => i + 1));
    const order = all.map((ack) => ack.data.id as string);
    for (const socket of [...sockets, second]) {
      await socket.until(() => socket.durable(room.id).length >= 800, '800 messages');
      const live = socket.of('message.created', room.id);
      expect(live.map((frame) => frame.data.id)).toEqual(order);
      expect(live.map((frame) => frame.rev)).toEqual(order.map((_, i) => first + 1 + i));
    }
    expect(await historyIds(people[0], room.id)).toEqual(order);
    expect(await changeIds(people[1], room.id)).toEqual(order);
  });

  it('answers commands of one socket in their order', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const socket = await ann.connect();
    const sent: string[] = [];
    for (let i = 0; i < 60; i++) {
      if (i % 3 === 0) sent.push(socket.send('ping'));
      else if (i % 3 === 1) sent.push(socket.send('message.send', { roomId: room.id, id: newUlid(), text: 'x' }));
      else sent.push(socket.send('room.changes', { roomId: room.id, since: 0 }));
    }
    await socket.answerTo(sent[59]);
    expect(socket.frames.flatMap((frame) => (sent.includes(frame.id ?? '') ? [frame.id] : []))).toEqual(sent);
  });

  it('brings a joiner in with his own joining and everything after it', async () => {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann], { visibility: 'public' });
    await ann.say(room.id, 'before');
    const socket = await bob.connect();
    expect((await bob.call('POST', `/rooms/${room.id}/join`)).status).toBe(200);
    const added = await socket.next('room.added');
    expect(added).toMatchObject({ data: { id: room.id, headRev: 2 } });
    expect(await socket.next('member.joined')).toMatchObject({ rev: 3, data: { userId: bob.id, role: 'member' } });
    await ann.say(room.id, 'after');
    expect(await socket.next('message.created')).toMatchObject({ rev: 4, data: { text: 'after' } });
    expect(socket.durable(room.id).map((frame) => frame.rev)).toEqual([3, 4]);
  });

  it('tells the members of joins, leaves, removals and renames, in order, with the notice of the history', async () => {
    const [ann, bob, cat] = await world.users(3);
    const room = await world.room([ann, bob], { visibility: 'public' });
    const socket = await ann.connect();
    await cat.call('POST', `/rooms/${room.id}/join`);
    await cat.call('POST', `/rooms/${room.id}/leave`);
    await ann.call('PATCH', `/rooms/${room.id}`, { name: 'Another name' });
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    await socket.next('member.removed');
    const frames = socket.durable(room.id);
    expect(frames.map((frame) => frame.event)).toEqual([
      'member.joined',
      'member.left',
      'room.updated',
      'member.removed',
    ]);
    expect(frames[2].data.name).toBe('Another name');
    const { body } = await ann.call('GET', `/rooms/${room.id}/messages`);
    const notices = body.items.filter((item: MessageView) => item.rev > 2);
    expect(notices).toEqual(frames.map((frame) => frame.data.notice));
    expect(notices.every((notice: MessageView) => notice.seq === null)).toBe(true);
    const changes = await ann.call('GET', `/rooms/${room.id}/changes?since=2`);
    // Catch-up carries the present state: of the room, that one member less is in it now.
    const present = frames.map(({ rev, event, data }) => ({
      rev,
      event,
      data: event === 'room.updated' ? { ...data, memberCount: 1 } : data,
    }));
    expect(changes.body.items).toEqual(present);
  });

  it('gives short notices of rooms that are not open to a connection that follows open ones', async () => {
    const [ann, bob] = await world.users(2);
    const [one, two] = [await world.room([ann, bob]), await world.room([ann, bob])];
    const socket = await bob.connect({ follow: 'open', open: [one.id] });
    await ann.say(one.id, 'full');
    for (let i = 0; i < 5; i++) await ann.say(two.id, `short ${i}`);
    expect(await socket.next('message.created')).toMatchObject({ roomId: one.id });
    const activity = await socket.next('room.activity', (frame) => frame.data.headSeq === 5);
    expect(activity.data).toMatchObject({ roomId: two.id, headRev: 7, preview: { text: 'short 4' } });
    expect(socket.of('message.created', two.id)).toEqual([]);
    expect((await socket.call('room.open', { roomId: two.id })).data).toEqual({ headRev: 7 });
    await ann.say(two.id, 'now full');
    expect(await socket.next('message.created')).toMatchObject({ roomId: two.id, rev: 8 });
    await socket.call('room.close', { roomId: two.id });
    await ann.say(two.id, 'short again');
    await socket.next('room.activity', (frame) => frame.data.headRev === 9);
    expect(socket.of('message.created', two.id)).toHaveLength(1);
  });

  it('tells of a room that one is added to in short, where it is not open', async () => {
    const [ann, bob] = await world.users(2);
    const [room, socket] = [await world.room([ann]), await bob.connect({ follow: 'open' })];
    await ann.call('PUT', `/rooms/${room.id}/members/${bob.id}`);
    await socket.next('room.added');
    const activity = await socket.next('room.activity');
    expect(activity.data).toMatchObject({ roomId: room.id, headRev: 2, headSeq: 0, preview: null });
    await ann.say(room.id, 'short');
    await socket.next('room.activity', (frame) => frame.data.preview?.text === 'short');
    expect(socket.durable(room.id)).toEqual([]);
  });

  it('puts several frames into one array for a client that asked for batches', async () => {
    const [ann] = await world.users(1);
    const room = await world.room([ann]);
    const socket = await ann.connect({ batch: true });
    const plain = await ann.connect();
    const arrays: number[] = [];
    socket.ws.on('message', (data) => {
      const parsed = JSON.parse((data as Buffer).toString()) as unknown;
      if (Array.isArray(parsed)) arrays.push(parsed.length);
    });
    for (let i = 0; i < 100; i++) plain.send('message.send', { roomId: room.id, id: newUlid(), text: 'x' });
    await socket.until(() => socket.of('message.created').length === 100, '100 messages');
    expect(arrays.length).toBeGreaterThan(0);
    expect(Math.max(...arrays)).toBeLessThanOrEqual(64);
    expect(socket.of('message.created').map((frame) => frame.data.seq)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });
});

type Caller = Awaited<ReturnType<World['user']>>;

async function historyIds(caller: Caller, roomId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let query = 'after=0&limit=100'; query;) {
    const { body } = await caller.call('GET', `/rooms/${roomId}/messages?${query}`);
    ids.push(...body.items.filter((item: MessageView) => item.kind === 'text').map((item: MessageView) => item.id));
    query = body.next ? `cursor=${body.next}&limit=100` : '';
  }
  return ids;
}

async function changeIds(caller: Caller, roomId: string): Promise<string[]> {
  const ids: string[] = [];
  for (let since = (await caller.call('GET', `/rooms/${roomId}`)).body.headRev - 400; ;) {
    const { body } = await caller.call('GET', `/rooms/${roomId}/changes?since=${since}&limit=150`);
    ids.push(...body.items.map((item: { data: MessageView }) => item.data.id));
    if (!body.more) break;
    since = body.toRev;
  }
  const older = await historyIds(caller, roomId);
  return [...older.slice(0, older.length - ids.length), ...ids];
}
