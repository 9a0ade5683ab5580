import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SendMessage } from '../src/protocol/commands.js';
import type { FakeRoom } from './testing/fake-room.js';
import { FakeServer, problemOf } from './testing/fake-server.js';
import { online, shown, watch } from './testing/start.js';
import { type OutboxStore, type StoredMessage, memoryOutbox } from './outbox-store.js';

let server: FakeServer;
let room: FakeRoom;
let outbox: OutboxStore;

const sends = () =>
  server.commands.filter(({ event }) => event === 'message.send').map(({ data }) => data as SendMessage);
const storedTexts = () => room.messages.map(({ text }) => text);
const kept = () => outbox.load(server.user.id);
const broken = (fault: () => Promise<never>): OutboxStore => ({ load: fault, put: fault, remove: fault, clear: fault });

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  room = server.addRoom();
  outbox = memoryOutbox();
});
afterEach(() => vi.useRealTimers());

/** What another page finds after this one has ended with messages on their way. */
async function leaveBehind(...texts: string[]): Promise<string[]> {
  const first = await online(server, { outbox });
  server.isReachable = false;
  server.cut();
  const ids = texts.map((text) => first.client.send(room.id, text).id);
  await vi.advanceTimersByTimeAsync(10);
  first.client.close();
  server.isReachable = true;
  return ids;
}

describe('an outbox that survives', () => {
  it('keeps a message before it is sent, and forgets it after its ack', async () => {
    const { client } = await online(server, { outbox });
    server.fault = ({ event }) => (event === 'message.send' ? 'lose-answer' : null);
    const sent = client.send(room.id, { text: 'a', mentions: ['all'] });
    await vi.advanceTimersByTimeAsync(10);
    expect(await kept()).toMatchObject([
      { id: sent.id, roomId: room.id, userId: server.user.id, draft: { text: 'a', mentions: ['all'] } },
    ]);
    server.fault = () => null;
    await vi.advanceTimersByTimeAsync(30_000);
    await sent.acked;
    expect([await kept(), storedTexts()]).toEqual([[], ['a']]);
  });

  it('sends what it finds with the same ids, before what is new, each once', async () => {
    const ids = await leaveBehind('a', 'b');
    const second = watch(server, { outbox });
    const early = second.client.send(room.id, 'c');
    void second.client.connect();
    await vi.advanceTimersByTimeAsync(100);
    const last = second.client.send(room.id, 'd');
    await vi.advanceTimersByTimeAsync(100);
    expect(room.messages.map(({ id }) => id)).toEqual([...ids, early.id, last.id]);
    expect(shown(second, room.id)).toEqual(['a', 'b', 'c', 'd']);
    expect(second.client.pending(room.id)).toEqual([]);
  });

  it('keeps the order over two reloads, although the clock was set back', async () => {
    await leaveBehind('a', 'b');
    vi.setSystemTime(Date.now() - 3_600_000);
    server.fault = ({ event }) => (event === 'message.send' ? 'cut-before' : null);
    const second = await online(server, { outbox });
    second.client.send(room.id, 'c');
    await vi.advanceTimersByTimeAsync(100);
    second.client.close();
    server.fault = () => null;
    await online(server, { outbox });
    await vi.advanceTimersByTimeAsync(100);
    expect(storedTexts()).toEqual(['a', 'b', 'c']);
  });

  it('sends once what was stored without an ack', async () => {
    const first = await online(server, { outbox });
    server.fault = ({ event }) => (event === 'message.send' ? 'lose-answer' : null);
    first.client.send(room.id, 'a');
    await vi.advanceTimersByTimeAsync(100);
    first.client.close();
    server.fault = () => null;
    const second = await online(server, { outbox });
    await vi.advanceTimersByTimeAsync(100);
    expect([storedTexts(), await kept(), second.client.pending(room.id)]).toEqual([['a'], [], []]);
  });

  it('does no harm where two tabs share it', async () => {
    await leaveBehind('a', 'b', 'c');
    const tabs = [watch(server, { outbox }), watch(server, { outbox })];
    for (const { client } of tabs) void client.connect();
    await vi.advanceTimersByTimeAsync(200);
    expect([storedTexts(), await kept()]).toEqual([['a', 'b', 'c'], []]);
    for (const { client, refused } of tabs) expect([client.pending(room.id), refused]).toEqual([[], []]);
  });

  it('sends at its next session what a tab left that was closed meanwhile', async () => {
    const stays = await online(server, { outbox });
    const goes = await online(server, { outbox });
    server.isReachable = false;
    server.cut();
    stays.client.send(room.id, 'of one');
    goes.client.send(room.id, 'of the other');
    await vi.advanceTimersByTimeAsync(10);
    goes.client.close();
    server.isReachable = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(storedTexts())).toEqual(new Set(['of one', 'of the other']));
    expect([await kept(), stays.client.pending(room.id), stays.refused]).toEqual([[], [], []]);
    expect(sends()).toHaveLength(2);
  });

  it("sends nothing in another user's name, and keeps it for its own", async () => {
    await leaveBehind('a');
    const ann = server.user.id;
    Object.assign(server.user, { id: server.newId() });
    const other = await online(server, { outbox });
    await vi.advanceTimersByTimeAsync(1000);
    expect([sends(), other.client.pending(room.id)]).toEqual([[], []]);
    expect(await outbox.load(ann)).toHaveLength(1);
  });

  it('sends nothing that was written before somebody else signed in', async () => {
    const { client } = watch(server, { outbox });
    await client.rest.guest();
    const sent = client.send(room.id, 'mine');
    Object.assign(server.user, { id: server.newId() });
    await client.rest.guest();
    void client.connect();
    await vi.advanceTimersByTimeAsync(100);
    await expect(sent.acked).rejects.toMatchObject({ code: 'OFFLINE' });
    expect([sends(), client.pending(room.id)]).toEqual([[], []]);
  });

  it('is empty after signing out', async () => {
    await leaveBehind('a');
    server.fault = ({ event }) => (event === 'message.send' ? 'cut-before' : null);
    const { client, refused } = await online(server, { outbox });
    await vi.advanceTimersByTimeAsync(10);
    await client.signOut();
    expect(refused).toMatchObject([{ message: { text: 'a' }, error: { code: 'OFFLINE' } }]);
    expect([await kept(), client.pending(room.id)]).toEqual([[], []]);
  });

  it('waits for the next login where the server ended this one', async () => {
    await leaveBehind('a');
    server.fault = ({ event }) => (event === 'message.send' ? 'lose-answer' : null);
    const { client, refused } = await online(server, { outbox });
    await vi.advanceTimersByTimeAsync(10);
    server.cut(4200);
    await vi.advanceTimersByTimeAsync(10);
    expect([client.pending(room.id), refused, (await kept()).length]).toEqual([[], [], 1]);
    server.fault = () => null;
    await client.rest.guest();
    void client.connect();
    await vi.advanceTimersByTimeAsync(100);
    expect([storedTexts(), await kept()]).toEqual([['a'], []]);
  });
});

describe('a store that fails', () => {
  it.each([
    ['refuses', () => Promise.reject(new Error('full')), 'full'],
    ['never answers', () => new Promise<never>(() => undefined), 'it does not answer'],
  ])('loses and holds up nothing where it %s', async (_, fault, why) => {
    const { client } = watch(server, { outbox: broken(fault) });
    const told: string[] = [];
    client.on('error', ({ code, message }) => told.push(`${code}: ${message}`));
    void client.connect();
    await vi.advanceTimersByTimeAsync(50);
    for (const text of ['a', 'b']) client.send(room.id, text);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(storedTexts()).toEqual(['a', 'b']);
    expect(new Set(told)).toEqual(new Set([`INTERNAL: The store of the outbox failed: Error: ${why}`]));
  });
});

describe('a refused message', () => {
  const refuseOnce = () => {
    const codes = [problemOf('ROOM_ARCHIVED', { title: 'The room is closed.' })];
    server.fault = ({ event }) => (event === 'message.send' ? (codes.shift() ?? null) : null);
  };

  it('stays with its reason, over a reload, and is not sent by itself', async () => {
    const first = await online(server, { outbox });
    refuseOnce();
    const { id } = first.client.send(room.id, 'a');
    first.client.send(room.id, 'b');
    await vi.advanceTimersByTimeAsync(100);
    const expected = [
      { id, text: 'a', state: 'refused', error: { code: 'ROOM_ARCHIVED', message: 'The room is closed.' } },
    ];
    expect(first.client.pending(room.id)).toMatchObject(expected);
    first.client.close();
    const second = await online(server, { outbox });
    await vi.advanceTimersByTimeAsync(100);
    expect(second.client.pending(room.id)).toMatchObject(expected);
    expect(storedTexts()).toEqual(['b']);
  });

  it('is sent again with its id, behind what waits', async () => {
    const { client } = await online(server, { outbox });
    refuseOnce();
    const { id } = client.send(room.id, 'a');
    await vi.advanceTimersByTimeAsync(100);
    client.send(room.id, 'b');
    const again = client.resend(id);
    expect(client.pending(room.id)).toMatchObject([{ text: 'b' }, { id, text: 'a', state: 'waiting' }]);
    expect(client.pending(room.id)[1]).not.toHaveProperty('error');
    await vi.advanceTimersByTimeAsync(100);
    expect(await again.acked).toMatchObject({ id, seq: 2 });
    expect([storedTexts(), await kept()]).toEqual([['b', 'a'], []]);
  });

  it('is gone when it is discarded; one that waits is not', async () => {
    const { client } = await online(server, { outbox });
    refuseOnce();
    const { id } = client.send(room.id, 'a');
    await vi.advanceTimersByTimeAsync(100);
    expect(client.discard(id)).toBe(true);
    expect([client.pending(room.id), await kept()]).toEqual([[], []]);
    expect(() => client.resend(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    server.cut();
    const waiting = client.send(room.id, 'b');
    expect([client.discard(waiting.id), client.pending(room.id).length]).toEqual([false, 1]);
  });

  it('that was stored after all is shown once', async () => {
    const { client } = await online(server, { outbox });
    // Of the sixth on, all is well: but nobody asks any more.
    let asked = 0;
    server.fault = ({ event }) => (event === 'message.send' && asked++ < 5 ? problemOf('INTERNAL') : null);
    const { id } = client.send(room.id, 'a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.pending(room.id)).toMatchObject([{ id, state: 'refused' }]);
    server.broadcast(room.post(id, server.user.id, 'a'));
    await vi.advanceTimersByTimeAsync(10);
    expect(client.pending(room.id)).toEqual([]);
  });
});

describe('drafts', () => {
  it('go out whole', async () => {
    const { client } = await online(server, { outbox });
    const draft = { text: 'yes', replyToId: server.newId(), attachmentIds: [server.newId()], mentions: ['all'] };
    await Promise.all([client.send(room.id, draft).acked, vi.advanceTimersByTimeAsync(100)]);
    const forwarded = client.send(room.id, { forwardOf: draft.replyToId });
    expect(client.pending(room.id)).toMatchObject([{ text: '', draft: { forwardOf: draft.replyToId } }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sends()).toMatchObject([draft, { id: forwarded.id, forwardOf: draft.replyToId }]);
  });
});

describe('memoryOutbox', () => {
  const stored = (id: string, userId: string): StoredMessage => ({ id, userId, roomId: 'r', draft: {}, at: 1 });

  it('has messages by id and user, and clears one user or all', async () => {
    for (const [id, user] of ['1a', '2a', '3b', '2a', '4c']) await outbox.put(stored(id ?? '', user ?? ''));
    await outbox.remove('1');
    await outbox.remove('no such id');
    expect([(await outbox.load('a')).map(({ id }) => id), (await outbox.load('b')).length]).toEqual([['2'], 1]);
    await outbox.clear('a');
    expect([await outbox.load('a'), (await outbox.load('b')).length]).toEqual([[], 1]);
    await outbox.clear(null);
    expect([await outbox.load('b'), await outbox.load('c')]).toEqual([[], []]);
  });
});
