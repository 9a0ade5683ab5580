import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MessageQueries } from '../../src/messages/message.queries.js';
import type { ChangeView, ChangesView, MessageView } from '../../src/protocol/views.js';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

type Rows = ReturnType<MessageQueries['oldest']>;

describe('catching up', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  /** What the database has, by rev. */
  const truth = (roomId: string) =>
    world.app.rows<{ rev: number; id: string }>('SELECT rev, id FROM messages WHERE roomId = ? ORDER BY rev', [roomId]);

  it.each([1, 499, 500])('sends %i missed changes of an open room as ordinary frames', async (missed) => {
    const { room, ann, bob, head } = await awayRoom();
    const changes = await make(ann, room.id, missed);
    expect(changes).toBe(missed);
    const socket = await bob.connect({ cursor: { rooms: { [room.id]: head } }, open: [room.id] });
    const rows = (await truth(room.id)).filter((row) => row.rev > head);
    expect(rows).toHaveLength(missed);
    expect(placesOf(socket, room.id)).toEqual(rows.map(({ rev, id }) => [rev, id]));
    await ann.say(room.id, 'live');
    expect(await socket.next('message.created', (frame) => frame.data.text === 'live')).toMatchObject({
      rev: head + missed + 1,
    });
  });

  it.each([501, 20_000])('tells to pull, and resets, after %i missed changes', { timeout: 60_000 }, async (missed) => {
    const { room, ann, bob, head } = await awayRoom();
    await make(ann, room.id, missed);
    const socket = await bob.connect({ cursor: { rooms: { [room.id]: head } }, open: [room.id] });
    expect(socket.of('room.stale')).toMatchObject([{ roomId: room.id, data: { headRev: head + missed } }]);
    expect(socket.of('message.created')).toEqual([]);
    const { data } = await socket.call('room.changes', { roomId: room.id, since: head });
    const changes = data as unknown as ChangesView;
    expect(changes).toMatchObject({ reset: true, more: false, toRev: head + missed, headRev: head + missed });
    expect(changes.items).toHaveLength(50);
    const copy = new Map(changes.items.map((item) => [item.rev, idOf(item)]));
    await fillDownwards(bob, room.id, copy);
    const rows = await truth(room.id);
    expect([...copy].sort(([a], [b]) => a - b)).toEqual(rows.map(({ rev, id }) => [rev, id]));
  });

  it('pulls what an idle room missed, page by page', async () => {
    const { room, ann, bob, head } = await awayRoom();
    await make(ann, room.id, 450);
    const socket = await bob.connect();
    const copy: [number, string][] = [];
    for (let since = head; ;) {
      const { data } = await socket.call('room.changes', { roomId: room.id, since, limit: 199 });
      const changes = data as unknown as ChangesView;
      copy.push(...changes.items.map((item): [number, string] => [item.rev, idOf(item)]));
      since = changes.toRev;
      if (!changes.more) break;
    }
    const rows = (await truth(room.id)).filter((row) => row.rev > head);
    expect(copy).toEqual(rows.map(({ rev, id }) => [rev, id]));
  });

  /** Bytes of text that each read of the log has brought since. */
  function watchReads(): () => Promise<number[]> {
    const queries = world.app.get(MessageQueries);
    const spies = [vi.spyOn(queries, 'oldest'), vi.spyOn(queries, 'atRevs')];
    onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
    return async () => {
      const reads = await Promise.all(spies.flatMap(({ mock }) => mock.results.map(({ value }) => value as Rows)));
      return reads.map((rows) => rows.reduce((sum, { text }) => sum + Buffer.byteLength(text ?? ''), 0));
    };
  }

  const LONG = '语'.repeat(16_000);
  const BUDGET = 300_000;

  it('reads no more of long messages at once than others can wait for, new ones and old ones that changed', async () => {
    const { room, ann, bob, head } = await awayRoom();
    const old: MessageView[] = [];
    for (let i = 0; i < 12; i++) old.push(await ann.say(room.id, `${i} ${LONG.slice(4)}`));
    for (let i = 0; i < 12; i++) await ann.say(room.id, i % 3 ? LONG : 'short');
    const read = watchReads();
    const pull = async (from: number): Promise<number[]> => {
      const revs: number[] = [];
      for (let since = from; ;) {
        const { body } = await bob.call('GET', `/rooms/${room.id}/changes?since=${since}`);
        const changes = body as ChangesView;
        expect(changes.toRev).toBeGreaterThan(since);
        revs.push(...changes.items.map(({ rev }) => rev));
        since = changes.toRev;
        if (!changes.more) return revs;
      }
    };
    const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + 1 + i);
    expect(await pull(head)).toEqual(from(head, 24));
    for (const { id } of old) await ann.call('PUT', `/messages/${id}/pin`);
    expect(await pull(head + 24)).toEqual(from(head + 24, 12));
    const bytes = await read();
    expect(Math.max(...bytes)).toBeGreaterThan(200_000);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(BUDGET);
  });

  it('sends of long messages as many as one read has, and tells to pull the rest', async () => {
    const { room, ann, bob, head } = await awayRoom();
    for (let i = 0; i < 20; i++) await ann.say(room.id, LONG);
    const read = watchReads();
    const socket = await bob.connect({ cursor: { rooms: { [room.id]: head } }, open: [room.id] });
    const revs = socket.of('message.created').map(({ rev }) => rev);
    expect(revs).toEqual([1, 2, 3, 4, 5, 6].map((more) => head + more));
    expect(socket.of('room.stale')).toMatchObject([{ roomId: room.id, data: { headRev: head + 20 } }]);
    expect(Math.max(...(await read()))).toBeLessThanOrEqual(BUDGET);
    await ann.say(room.id, 'live');
    expect(await socket.next('message.created', (frame) => frame.data.text === 'live')).toMatchObject({
      rev: head + 21,
    });
  });

  it('is the same over REST and socket, and refuses who is no member', async () => {
    const { room, ann, bob } = await awayRoom();
    const [eve] = await world.users(1);
    await make(ann, room.id, 30);
    const socket = await bob.connect();
    const pulled = await socket.call('room.changes', { roomId: room.id, since: 1, limit: 20 });
    const { body } = await bob.call('GET', `/rooms/${room.id}/changes?since=1&limit=20`);
    expect(body).toEqual(pulled.data);
    expect((await eve.call('GET', `/rooms/${room.id}/changes?since=1`)).status).toBe(403);
    const refused = await (await eve.connect()).call('room.changes', { roomId: room.id, since: 1 });
    expect(refused.data.code).toBe('FORBIDDEN');
    expect((await bob.call('GET', `/rooms/${room.id}/changes?since=1&limit=201`)).status).toBe(422);
  });

  it('resets a client that is ahead of the room', async () => {
    const { room, bob, head } = await awayRoom();
    const socket = await bob.connect();
    const { data } = await socket.call('room.changes', { roomId: room.id, since: head + 1 });
    expect(data).toMatchObject({ reset: true, toRev: head, more: false });
  });

  async function awayRoom() {
    const [ann, bob] = await world.users(2);
    const room = await world.room([ann, bob], { visibility: 'public' });
    await ann.say(room.id, 'seen');
    return { ann, bob, room, head: 3 };
  }

  /** Makes that many changes: messages, with comings and goings among them. */
  async function make(ann: Actor, roomId: string, count: number): Promise<number> {
    const moves = Math.min(20, count - 1);
    const visitors = await Promise.all(Array.from({ length: Math.floor(moves / 2) }, () => world.user('Visitor')));
    const socket = await ann.connect();
    let made = 0;
    for (const visitor of visitors) {
      await visitor.call('POST', `/rooms/${roomId}/join`);
      await visitor.say(roomId, 'passing');
      await visitor.call('POST', `/rooms/${roomId}/leave`);
      made += 3;
    }
    if (made > count) throw new Error('too many visitors');
    for (; made < count; made++) {
      const id = socket.send('message.send', { roomId, id: newUlid(), text: 'x'.repeat(20) });
      // Answers come in order, so the last of a stretch tells of all.
      if (made % 500 === 0 || made === count - 1) await socket.answerTo(id);
    }
    await socket.close();
    return made;
  }
});

const idOf = ({ data }: Pick<ChangeView, 'data'>): string =>
  ((data.notice as MessageView | undefined) ?? (data as unknown as MessageView)).id;

const placesOf = (socket: TestSocket, roomId: string): [number, string][] =>
  socket.durable(roomId).map((frame) => [frame.rev ?? 0, idOf(frame)]);

async function fillDownwards(reader: Actor, roomId: string, copy: Map<number, string>): Promise<void> {
  let query = `before=${Math.min(...copy.keys())}&limit=100`;
  while (query) {
    const { body } = await reader.call('GET', `/rooms/${roomId}/messages?${query}`);
    for (const item of body.items as MessageView[]) copy.set(item.rev, item.id);
    query = body.prev ? `cursor=${body.prev}&limit=100` : '';
  }
}
