import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { ClientOptions } from '../../sdk/client-types.js';
import { type OutboxStore, memoryOutbox } from '../../sdk/outbox-store.js';
import type { SocketClass } from '../../sdk/socket.js';
import { memoryStore } from '../../sdk/tokens.js';
import type { MessageView } from '../../src/protocol/views.js';
import { type Actor, World } from '../support/world.js';

let world: World;
const clients: ParleyClient[] = [];

beforeAll(async () => {
  world = await World.create({ LIMIT_RECEIPTS_EVERY_MS: '50' });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => world.stop());

const until = (isTrue: () => boolean) => vi.waitUntil(isTrue, { timeout: 20_000, interval: 10 });

function clientOf({ tokens }: Actor, options: Partial<ClientOptions> = {}): ParleyClient {
  const login = memoryStore(tokens.refreshToken);
  const client = new ParleyClient({
    url: world.app.url,
    webSocket: WebSocket as unknown as SocketClass,
    login,
    ...options,
  });
  clients.push(client);
  return client;
}

/** Clients of new users who are all in one room and look at it. */
async function meet(count: number): Promise<{ actors: Actor[]; all: ParleyClient[]; roomId: string }> {
  const actors = await world.users(count);
  const { id: roomId } = await world.room(actors);
  const all = actors.map((actor) => clientOf(actor));
  await Promise.all(all.map((client) => client.connect()));
  for (const client of all) client.openRoom(roomId);
  return { actors, all, roomId };
}

const historyOf = async (client: ParleyClient, roomId: string) =>
  (await client.rest.messages(roomId, { limit: 100 })).items;
const textsOf = (items: readonly MessageView[]) => items.flatMap(({ text }) => (text === null ? [] : [text]));

describe('reloading in the middle of sending', () => {
  const texts = Array.from({ length: 12 }, (_, i) => `m${i}`);

  /** A page that is closed while some of what it sends is stored, some acked, and the rest not sent yet. */
  async function breakOff(actor: Actor, outbox: OutboxStore, roomIds: readonly string[]): Promise<void> {
    const old = clientOf(actor, { outbox });
    await old.connect();
    for (const text of texts) for (const roomId of roomIds) old.send(roomId, text);
    await until(() => roomIds.every((roomId) => old.pending(roomId).length < 9));
    old.close();
  }

  it('keeps everything, once and in order, in three rooms', async () => {
    const [ann, bob] = await world.users(2);
    const roomIds: string[] = [];
    for (let i = 0; i < 3; i++) roomIds.push((await world.room([ann, bob])).id);
    const outbox = memoryOutbox();
    await breakOff(ann, outbox, roomIds);
    // The store is of one browser, where another person signs in: nothing of it goes out in his name.
    const other = clientOf(bob, { outbox });
    await other.connect();
    expect(roomIds.flatMap((id) => other.pending(id))).toEqual([]);
    await other.send(roomIds[0], 'from Bob').acked;
    const fresh = clientOf(ann, { outbox });
    await fresh.connect();
    await until(() => roomIds.every((id) => fresh.pending(id).length === 0));
    for (const id of roomIds) {
      const items = await historyOf(other, id);
      expect(textsOf(items.filter(({ senderId }) => senderId === ann.id))).toEqual(texts);
      expect(textsOf(items.filter(({ senderId }) => senderId === bob.id))).toEqual(
        id === roomIds[0] ? ['from Bob'] : [],
      );
    }
    expect([await outbox.load(ann.id), await outbox.load(bob.id)]).toEqual([[], []]);
  });

  it('sends whole drafts, and keeps a refused one until it is sent again', async () => {
    const { actors, all, roomId } = await meet(2);
    const [ann, bob] = all;
    const { id } = await bob.send(roomId, 'a question').acked;
    const file = await ann.rest.attachments.upload(new Blob(['some notes']), { name: 'notes.txt' });
    const draft = { text: 'an answer', replyToId: id, mentions: [actors[1].id], attachmentIds: [file.id] };
    const sent = await ann.send(roomId, draft).acked;
    expect(await bob.rest.message(sent.id)).toMatchObject({
      text: 'an answer',
      replyTo: { id },
      mentions: [actors[1].id],
      attachments: [{ name: 'notes.txt', mediaType: 'text/plain' }],
    });
    await until(() => bob.rooms.get(roomId)!.mentions === 1);

    await ann.rest.archive(roomId);
    const refused = bob.send(roomId, 'too late?');
    await expect(refused.acked).rejects.toMatchObject({ code: 'ROOM_ARCHIVED' });
    expect(bob.pending(roomId)).toMatchObject([{ id: refused.id, state: 'refused', error: { code: 'ROOM_ARCHIVED' } }]);
    await ann.rest.archive(roomId, false);
    await bob.resend(refused.id).acked;
    expect(bob.pending(roomId)).toEqual([]);
    expect(textsOf(await historyOf(ann, roomId))).toEqual(['a question', 'an answer', 'too late?']);
  });
});

describe('reactions of another device', () => {
  it("are one's own after an absence, whatever others did to the same message", async () => {
    const { actors, all, roomId } = await meet(2);
    const [ann, bob] = all;
    const [one, two, three] = await Promise.all(['1', '2', '3'].map((text) => ann.send(roomId, text).acked));
    await bob.rest.react(one.id, '👍');
    await until(() => ann.rooms.get(roomId)!.get(one.id)!.reactions.length === 1);
    ann.close();
    // The counts of the first one are in the end as they were.
    await actors[0].call('PUT', `/messages/${one.id}/reactions/👍`);
    await bob.rest.react(one.id, '👍', false);
    await actors[0].call('PUT', `/messages/${two.id}/reactions/🎉`);
    await bob.rest.react(three.id, '🎉');
    await ann.connect();
    const room = ann.rooms.get(roomId)!;
    const { lastRev } = await bob.rest.message(three.id);
    await until(() => room.lastRev >= lastRev && room.missingFrom === null);
    expect([one, two, three].map(({ id }) => room.get(id)!.reactions)).toEqual([
      [{ emoji: '👍', count: 1, mine: true }],
      [{ emoji: '🎉', count: 1, mine: true }],
      [{ emoji: '🎉', count: 1, mine: false }],
    ]);
  });
});

describe('receipts', () => {
  it('say how far a message has come, to its author and to nobody outside', async () => {
    const { all, roomId } = await meet(3);
    const [ann, bob, cid] = all;
    const [stranger] = await world.users(1);
    const outsider = clientOf(stranger);
    await outsider.connect();
    const { id } = await ann.send(roomId, 'hello').acked;
    await until(() => ann.rooms.get(roomId)!.get(id) !== undefined);
    const message = ann.rooms.get(roomId)!.get(id)!;
    expect(ann.stateOf(message)).toBe('sent');
    await until(() => ann.stateOf(message) === 'delivered');
    bob.read(roomId);
    await until(() => ann.stateOf(message) === 'read');
    await cid.send(roomId, 'I have read it').acked;
    await until(() => ann.receipts.countsOf(message).read === 2);
    expect(ann.receipts.countsOf(message)).toEqual({ delivered: 2, read: 2 });
    expect([outsider.receipts.of(roomId), ann.receipts.of(roomId).length]).toEqual([[], 2]);
  });

  it('are read anew after an absence, and end with who leaves', async () => {
    const { actors, all, roomId } = await meet(3);
    const [ann, bob] = all;
    const { seq } = await ann.send(roomId, 'hello').acked;
    ann.close();
    await actors[1].call('POST', `/rooms/${roomId}/read`, { readSeq: seq });
    await vi.waitUntil(async () =>
      (await all[2].rest.receipts(roomId)).some(({ userId, readSeq }) => userId === actors[1].id && readSeq === seq),
    );
    await ann.connect();
    await until(() => ann.receipts.of(roomId).some(({ readSeq }) => readSeq === seq));
    await bob.rest.leave(roomId);
    await until(() => ann.receipts.of(roomId).length === 1);
    expect(ann.receipts.of(roomId)).toMatchObject([{ userId: actors[2].id }]);
  });
});

describe('typing', () => {
  it('is known until the message comes, and not to who types', async () => {
    const { actors, all, roomId } = await meet(2);
    const [ann, bob] = all;
    await bob.tellTyping(roomId);
    await until(() => ann.typing.in(roomId).length === 1);
    expect([ann.typing.in(roomId), bob.typing.in(roomId)]).toEqual([[actors[1].id], []]);
    await bob.send(roomId, 'there').acked;
    await until(() => ann.typing.in(roomId).length === 0);
  });
});
