import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { MessageView } from '../../src/protocol/views.js';
import type { Frame, TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.stop());
afterEach(() => vi.restoreAllMocks());

const refusalOf = ({ status, body }: { status: number; body: any }) => [status, body?.code];
const edit = (actor: Actor, id: string, body: object) => actor.call('PATCH', `/messages/${id}`, body);
const remove = (actor: Actor, id: string) => actor.call('DELETE', `/messages/${id}`);
const get = (actor: Actor, id: string) => actor.call<MessageView>('GET', `/messages/${id}`);
const react = (actor: Actor, id: string, emoji: string, method = 'PUT') =>
  actor.call(method, `/messages/${id}/reactions/${encodeURIComponent(emoji)}`);
const later = (ms: number) => vi.spyOn(world.app.get(Clock), 'now').mockImplementation(() => Date.now() + ms);

/** A room of two, a stranger who must hear nothing, and a socket of each. */
async function scene() {
  const [ann, bob, eve] = await world.users(3);
  const room = await world.room([ann, bob]);
  const sockets = { ann: await ann.connect(), bob: await bob.connect(), eve: await eve.connect() };
  return { ann, bob, eve, room, sockets };
}

/** What a room's member, or a stranger, was told of a room. */
const told = (socket: TestSocket, roomId: string): Frame[] => socket.frames.filter((frame) => frame.roomId === roomId);

describe('an edit', () => {
  it('gives a message another text and the next rev, for every member at once and for nobody else', async () => {
    const { ann, bob, room, sockets } = await scene();
    const sent = await ann.say(room.id, 'helo');
    const { status, body } = await edit(ann, sent.id, { text: 'hello' });
    expect(status).toBe(200);
    expect(body).toEqual({ ...sent, text: 'hello', lastRev: sent.rev + 1, editedAt: expect.any(String) });
    for (const socket of [sockets.ann, sockets.bob]) {
      const frame = await socket.next('message.edited');
      expect(frame).toMatchObject({ roomId: room.id, rev: sent.rev + 1, data: body });
    }
    expect((await get(bob, sent.id)).body).toEqual(body);
    expect(told(sockets.eve, room.id)).toEqual([]);
  });

  it('is taken over the socket too, and answered with the rev', async () => {
    const { ann, room, sockets } = await scene();
    const { id, rev } = await ann.say(room.id, 'one');
    expect((await sockets.ann.call('message.edit', { roomId: room.id, id, text: 'two' })).data).toEqual({
      rev: rev + 1,
    });
    const wrong = await sockets.ann.call('message.edit', { roomId: newUlid(), id, text: 'three' });
    expect(wrong.data.code).toBe('NOT_FOUND');
  });

  it('keeps what was said before', async () => {
    const { ann, bob, eve, room } = await scene();
    const sent = await ann.say(room.id, 'one');
    for (const text of ['two', 'three']) await edit(ann, sent.id, { text });
    const { items } = (await bob.call('GET', `/messages/${sent.id}/revisions`)).body;
    expect(items.map(({ no, text }: { no: number; text: string }) => [no, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect(items[0].createdAt).toBe(sent.createdAt);
    expect(refusalOf(await eve.call('GET', `/messages/${sent.id}/revisions`))).toEqual([404, 'NOT_FOUND']);
  });

  it('to the same text changes nothing', async () => {
    const { ann, room } = await scene();
    const sent = await ann.say(room.id, 'same');
    expect((await edit(ann, sent.id, { text: 'same' })).body).toEqual(sent);
    expect((await ann.call('GET', `/rooms/${room.id}`)).body.headRev).toBe(sent.rev);
  });

  it('does not lose another one: who knows an older rev is refused', async () => {
    const { ann, room } = await scene();
    const { id, rev } = await ann.say(room.id, 'one');
    const [first, second] = await Promise.all([
      edit(ann, id, { text: 'from the phone', expectedRev: rev }),
      edit(ann, id, { text: 'from the desk', expectedRev: rev }),
    ]);
    expect(new Set([first.status, second.status])).toEqual(new Set([200, 409]));
    expect([first, second].find(({ status }) => status === 409)?.body.code).toBe('VERSION_CONFLICT');
  });

  it('is for the author alone, of what is a message and still there', async () => {
    const { ann, bob, eve, room } = await scene();
    const { id } = await ann.say(room.id, 'mine');
    expect(refusalOf(await edit(bob, id, { text: 'x' }))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await edit(eve, id, { text: 'x' }))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await edit(ann, newUlid(), { text: 'x' }))).toEqual([404, 'NOT_FOUND']);
    expect(refusalOf(await edit(ann, id, { text: ' ' }))).toEqual([422, 'VALIDATION_FAILED']);
    expect(refusalOf(await edit(ann, id, { text: 'x'.repeat(16_001) }))).toEqual([422, 'VALIDATION_FAILED']);
    const notice = (await ann.call('GET', `/rooms/${room.id}/messages`)).body.items.find(
      ({ kind }: MessageView) => kind === 'notice',
    );
    expect(refusalOf(await edit(ann, notice.id, { text: 'x' }))).toEqual([403, 'FORBIDDEN']);
    await remove(ann, id);
    expect(refusalOf(await edit(ann, id, { text: 'x' }))).toEqual([410, 'GONE']);
    expect(refusalOf(await ann.call('GET', `/messages/${id}/revisions`))).toEqual([410, 'GONE']);
  });

  it('is taken until editWithinMs have passed', async () => {
    const { ann, room } = await scene();
    const { id, createdAt } = await ann.say(room.id, 'one');
    const age = Date.now() - Date.parse(createdAt);
    later(86_400_000 - age - 5000);
    expect((await edit(ann, id, { text: 'two' })).status).toBe(200);
    later(86_400_000 + 1);
    expect(refusalOf(await edit(ann, id, { text: 'three' }))).toEqual([409, 'EDIT_WINDOW_CLOSED']);
  });

  it('is taken as often as revisions says and not once more', async () => {
    const other = await World.create({ LIMIT_REVISIONS: '2' });
    const [ann] = await other.users(1);
    const { id } = await ann.say((await other.room([ann])).id, 'one');
    for (const text of ['two', 'three', 'three']) expect((await edit(ann, id, { text })).status).toBe(200);
    expect(refusalOf(await edit(ann, id, { text: 'four' }))).toEqual([507, 'QUOTA_EXCEEDED']);
    expect((await ann.call('GET', `/messages/${id}/revisions`)).body.items).toHaveLength(3);
    await other.stop();
  });

  it('that is repeated is told as done, whatever its author knew before', async () => {
    const { ann, room } = await scene();
    const { id, rev } = await ann.say(room.id, 'one');
    const body = { text: 'two', expectedRev: rev };
    const [first, again] = [await edit(ann, id, body), await edit(ann, id, body)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
  });

  it('leaves the key of the send as it was: its repeat is the same message', async () => {
    const { ann, room } = await scene();
    const { id } = await ann.say(room.id, 'one');
    await edit(ann, id, { text: 'two' });
    const again = await ann.call('POST', `/rooms/${room.id}/messages`, { id, text: 'one' });
    expect([again.status, again.body.text]).toEqual([200, 'two']);
    const other = await ann.call('POST', `/rooms/${room.id}/messages`, { id, text: 'two' });
    expect(refusalOf(other)).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
  });
});

describe('a deletion', () => {
  it('leaves nothing but that something was there', async () => {
    const { ann, bob, room, sockets } = await scene();
    const sent = await ann.say(room.id, 'a sEcReT');
    await edit(ann, sent.id, { text: 'another sEcReT' });
    await react(bob, sent.id, '👍');
    expect((await remove(ann, sent.id)).status).toBe(204);
    const { body } = await get(bob, sent.id);
    expect(body).toEqual({
      ...sent,
      lastRev: sent.rev + 3,
      text: null,
      editedAt: expect.any(String),
      deletedAt: expect.any(String),
    });
    expect(await sockets.bob.next('message.deleted')).toMatchObject({ rev: sent.rev + 3, data: body });
    expect(told(sockets.eve, room.id)).toEqual([]);
    for (const table of ['messages', 'message_revisions', 'reactions']) {
      expect(JSON.stringify(await world.app.rows(`SELECT * FROM ${table}`, []))).not.toContain('sEcReT');
    }
    expect((await remove(ann, sent.id)).status).toBe(204);
    expect((await ann.call('GET', `/rooms/${room.id}`)).body).toMatchObject({ headRev: sent.rev + 3, headSeq: 1 });
  });

  it('is taken from its author until deleteWithinMs have passed, and by admins afterwards', async () => {
    const { ann, bob, room } = await scene();
    const [one, two] = [await bob.say(room.id, 'one'), await bob.say(room.id, 'two')];
    later(172_800_000 - 5000);
    expect((await remove(bob, one.id)).status).toBe(204);
    later(172_800_000 + 5000);
    expect(refusalOf(await remove(bob, two.id))).toEqual([409, 'EDIT_WINDOW_CLOSED']);
    expect((await remove(ann, two.id)).status).toBe(204);
  });

  it('is not for others: members, strangers, the other one of a direct room', async () => {
    const { ann, bob, eve, room } = await scene();
    const { id } = await ann.say(room.id, 'mine');
    expect(refusalOf(await remove(bob, id))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await remove(eve, id))).toEqual([404, 'NOT_FOUND']);
    const direct = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    const said = await ann.say(direct.id, 'to you');
    expect(refusalOf(await remove(bob, said.id))).toEqual([403, 'FORBIDDEN']);
    expect((await remove(ann, said.id)).status).toBe(204);
  });
});

describe('reactions', () => {
  it('are counted for all and marked for oneself', async () => {
    const { ann, bob, room, sockets } = await scene();
    const { id, rev } = await ann.say(room.id, 'good news');
    expect((await react(bob, id, '👍')).body.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }]);
    expect(await sockets.ann.next('message.reacted')).toMatchObject({
      roomId: room.id,
      rev: rev + 1,
      data: { id, userId: bob.id, emoji: '👍', added: true, reactions: [{ emoji: '👍', count: 1 }], lastRev: rev + 1 },
    });
    expect((await get(ann, id)).body.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }]);
    const again = await sockets.ann.call('message.react', { roomId: room.id, id, emoji: '👍' });
    expect(again.data).toEqual({ rev: rev + 2 });
    expect((await get(ann, id)).body.reactions).toEqual([{ emoji: '👍', count: 2, mine: true }]);
    expect((await react(bob, id, '👍', 'DELETE')).status).toBe(204);
    await sockets.ann.call('message.unreact', { roomId: room.id, id, emoji: '👍' });
    expect((await get(ann, id)).body.reactions).toEqual([]);
    expect(told(sockets.eve, room.id)).toEqual([]);
  });

  it('that are there already change nothing, and one emoji in two forms is one', async () => {
    const { ann, room } = await scene();
    const { id, rev } = await ann.say(room.id, 'x');
    for (const emoji of ['❤', '❤️', '❤']) expect((await react(ann, id, emoji)).status).toBe(200);
    expect((await get(ann, id)).body).toMatchObject({
      lastRev: rev + 1,
      reactions: [{ emoji: '❤️', count: 1, mine: true }],
    });
  });

  it.each(['a', 'ok', '👍👍', ':)', '%00', '…'])('refuse %j', async (emoji) => {
    const { ann, room } = await scene();
    const { id } = await ann.say(room.id, 'x');
    expect(refusalOf(await react(ann, id, emoji))).toEqual([422, 'VALIDATION_FAILED']);
  });

  it('are of reactionKinds different emoji and not of one more', async () => {
    const other = await World.create({ LIMIT_REACTIONS_EVERY_MS: '1' });
    const [ann] = await other.users(1);
    const room = await other.room([ann]);
    const { id } = await ann.say(room.id, 'x');
    const emoji = Array.from({ length: 51 }, (_, i) => String.fromCodePoint(0x1f600 + i));
    for (const one of emoji.slice(0, 50)) expect((await react(ann, id, one)).status).toBe(200);
    expect(refusalOf(await react(ann, id, emoji[50]))).toEqual([507, 'QUOTA_EXCEEDED']);
    expect((await get(ann, id)).body.reactions).toHaveLength(50);
    await other.stop();
  });

  it('are one change in reactionsEveryMs, whatever their number', async () => {
    const users = await world.users(12);
    const [ann] = users;
    const room = await world.room(users);
    const socket = await ann.connect();
    const { id, rev } = await ann.say(room.id, 'storm');
    await Promise.all(users.map((user) => react(user, id, '🎉')));
    await socket.next('message.reacted', (frame) => frame.data.reactions[0].count === 12);
    const frames = socket.of('message.reacted', room.id);
    expect(frames.map((frame) => frame.rev)).toEqual([rev + 1, rev + 2]);
    expect(frames[1].data.reactions).toEqual([{ emoji: '🎉', count: 12 }]);
    expect(frames[1].data.changes).toHaveLength(11);
  });

  it('that wait keep nothing behind them waiting, and stay in their order', async () => {
    const other = await World.create({ LIMIT_REACTIONS_EVERY_MS: '60000' });
    const [ann, bob] = await other.users(2);
    const room = await other.room([ann, bob]);
    const { id } = await ann.say(room.id, 'x');
    const [socket, reader] = [await ann.connect(), await bob.connect()];
    expect((await socket.call('message.react', { roomId: room.id, id, emoji: '👍' })).event).toBe('ack');
    socket.send('message.unreact', { roomId: room.id, id, emoji: '👍' });
    socket.send('message.send', { roomId: room.id, id: newUlid(), text: 'goes on' });
    expect(await reader.next('message.created')).toMatchObject({ data: { text: 'goes on' } });
    expect(reader.of('message.reacted', room.id)).toHaveLength(1);
    await other.stop();
  });

  it('are not for strangers, the muted, and of what is deleted', async () => {
    const { ann, bob, eve, room } = await scene();
    const { id } = await ann.say(room.id, 'x');
    expect(refusalOf(await react(eve, id, '👍'))).toEqual([404, 'NOT_FOUND']);
    await ann.call('PUT', `/rooms/${room.id}/members/${bob.id}`, { mutedUntil: '2999-01-01T00:00:00.000Z' });
    expect(refusalOf(await react(bob, id, '👍'))).toEqual([403, 'MUTED']);
    await remove(ann, id);
    expect(refusalOf(await react(ann, id, '👍'))).toEqual([410, 'GONE']);
  });
});

describe('a message that is sent again by who was removed', () => {
  it('is answered without what became of it', async () => {
    const { ann, bob, room } = await scene();
    const message = { id: newUlid(), text: 'mine' };
    const post = (actor: Actor) => actor.call('POST', `/rooms/${room.id}/messages`, message);
    const sent = (await post(bob)).body;
    await ann.call('DELETE', `/rooms/${room.id}/members/${bob.id}`);
    await react(ann, sent.id, '👍');
    await ann.call('PUT', `/messages/${sent.id}/pin`);
    expect((await get(ann, sent.id)).body).toMatchObject({ pinned: true, lastRev: sent.rev + 3 });
    const again = await post(bob);
    expect([again.status, again.body]).toEqual([200, sent]);
  });
});

describe('pins', () => {
  it('are set by admins, told to members, and listed with the last one first', async () => {
    const { ann, bob, eve, room, sockets } = await scene();
    const said = [await bob.say(room.id, 'one'), await bob.say(room.id, 'two'), await bob.say(room.id, 'three')];
    for (const { id } of [said[2], said[0]]) {
      expect((await ann.call('PUT', `/messages/${id}/pin`)).body).toMatchObject({ id, pinned: true });
    }
    expect(await sockets.bob.next('message.pinned')).toMatchObject({ data: { id: said[2].id, pinned: true } });
    const list = async (actor: Actor, query = '') => (await actor.call('GET', `/rooms/${room.id}/pins${query}`)).body;
    expect((await list(bob)).items.map(({ id }: MessageView) => id)).toEqual([said[0].id, said[2].id]);
    const first = await list(bob, '?limit=1');
    expect((await list(bob, `?limit=1&cursor=${first.next}`)).items[0].id).toBe(said[2].id);
    expect(refusalOf(await bob.call('PUT', `/messages/${said[1].id}/pin`))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await eve.call('GET', `/rooms/${room.id}/pins`))).toEqual([404, 'NOT_FOUND']);
    expect((await ann.call('DELETE', `/messages/${said[0].id}/pin`)).status).toBe(204);
    await remove(bob, said[2].id);
    expect((await list(ann)).items).toEqual([]);
    expect(told(sockets.eve, room.id)).toEqual([]);
  });

  it('holds roomPins and not one more', async () => {
    const other = await World.create({ LIMIT_ROOM_PINS: '2' });
    const [ann] = await other.users(1);
    const room = await other.room([ann]);
    const pin = async () => ann.call('PUT', `/messages/${(await ann.say(room.id)).id}/pin`);
    expect([(await pin()).status, (await pin()).status, refusalOf(await pin())]).toEqual([
      200,
      200,
      [507, 'QUOTA_EXCEEDED'],
    ]);
    await other.stop();
  });
});

describe('catch-up', () => {
  it('brings who was away exactly to the present state, each message once', async () => {
    const { ann, bob, room } = await scene();
    const old = [await ann.say(room.id, 'one'), await ann.say(room.id, 'two'), await ann.say(room.id, 'three')];
    const since = old[2].rev;
    await edit(ann, old[0].id, { text: 'ONE' });
    await edit(ann, old[0].id, { text: 'Uno' });
    await remove(ann, old[1].id);
    const fresh = await ann.say(room.id, 'four');
    await edit(ann, fresh.id, { text: 'FOUR' });
    await react(bob, old[2].id, '👍');
    const { body } = await bob.call('GET', `/rooms/${room.id}/changes?since=${since}`);
    expect(body.items.map(({ rev, event, data }: any) => [rev, event, data.id, data.text])).toEqual([
      [since + 2, 'message.edited', old[0].id, 'Uno'],
      [since + 3, 'message.deleted', old[1].id, null],
      [since + 4, 'message.created', fresh.id, 'FOUR'],
      [since + 6, 'message.edited', old[2].id, 'three'],
    ]);
    expect(body.items[3].data.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }]);
    expect(body).toMatchObject({ toRev: since + 6, headRev: since + 6, more: false, reset: false });
    // Page by page it is the same.
    const paged: unknown[] = [];
    for (let from = since, more = true; more;) {
      const page = (await bob.call('GET', `/rooms/${room.id}/changes?since=${from}&limit=1`)).body;
      paged.push(...page.items.map(({ data }: any) => [data.id, data.text]));
      [from, more] = [page.toRev, page.more];
    }
    expect(new Map(paged as [string, string][])).toEqual(
      new Map(body.items.map(({ data }: any) => [data.id, data.text])),
    );
  });

  it('comes with the handshake, every rev told or skipped', async () => {
    const { ann, bob, room } = await scene();
    const [one, two] = [await ann.say(room.id, 'one'), await ann.say(room.id, 'two')];
    for (const text of ['ONE', 'Uno']) await edit(ann, one.id, { text });
    await remove(ann, two.id);
    const socket = await bob.open();
    const cursor = { rooms: { [room.id]: two.rev } };
    await socket.call('session.start', { token: bob.token, cursor, open: [room.id] });
    await socket.next('session.caughtUp');
    const frames = socket.frames.filter((frame) => frame.roomId === room.id);
    expect(frames.map(({ event, rev, fromRev }) => [event, fromRev ?? rev, rev])).toEqual([
      ['skip', two.rev + 1, two.rev + 1],
      ['message.edited', two.rev + 2, two.rev + 2],
      ['message.deleted', two.rev + 3, two.rev + 3],
    ]);
  });

  it('pages of history end where messages end, whatever changed behind them', async () => {
    const { ann, bob, room } = await scene();
    const said = [await ann.say(room.id, 'one'), await ann.say(room.id, 'two')];
    await edit(ann, said[0].id, { text: 'ONE' });
    const page = (await bob.call('GET', `/rooms/${room.id}/messages?before=${said[1].rev + 1}&limit=2`)).body;
    expect(page.items.map(({ text }: MessageView) => text)).toEqual(['ONE', 'two']);
    expect(page.next).toBeNull();
    expect((await bob.call('GET', `/rooms/${room.id}`)).body.lastMessage.text).toBe('two');
  });
});

describe('who sees a room from his joining', () => {
  it('is not told what becomes of older messages, and misses no rev', async () => {
    const [ann, late] = await world.users(2);
    const room = await world.room([ann]);
    await ann.call('PATCH', `/rooms/${room.id}`, { settings: { history: 'joining' } });
    const [old, other] = [await ann.say(room.id, 'oLd'), await ann.say(room.id, 'oLd too')];
    await ann.call('PUT', `/rooms/${room.id}/members/${late.id}`);
    const socket = await late.connect();
    const { headRev: since } = (await late.call('GET', `/rooms/${room.id}`)).body;
    await edit(ann, old.id, { text: 'oLd edited' });
    await react(ann, old.id, '👍');
    await ann.call('PUT', `/messages/${other.id}/pin`);
    await remove(ann, old.id);
    const fresh = await ann.say(room.id, 'fresh');
    await socket.next('message.created', ({ data }) => data.id === fresh.id);
    const frames = socket.frames.filter((frame) => frame.roomId === room.id && (frame.rev ?? 0) > since);
    expect(frames.map(({ event }) => event)).toEqual(['skip', 'skip', 'skip', 'skip', 'message.created']);
    expect(frames.at(-1)?.rev).toBe(since + 5);
    const changes = await late.call('GET', `/rooms/${room.id}/changes?since=${since}`);
    expect(changes.body.items.map(({ data }: any) => data.id)).toEqual([fresh.id]);
    expect(changes.body.toRev).toBe(since + 5);
    const again = await late.open();
    const cursor = { rooms: { [room.id]: since } };
    await again.call('session.start', { token: late.token, cursor, open: [room.id] });
    await again.next('session.caughtUp');
    expect(JSON.stringify([socket.frames, again.frames, changes.body])).not.toContain('oLd');
    expect((await late.call('GET', `/rooms/${room.id}/pins`)).body.items).toEqual([]);
    for (const answer of [
      await edit(late, other.id, { text: 'x' }),
      await remove(late, other.id),
      await react(late, other.id, '👍'),
      await late.call('PUT', `/messages/${other.id}/pin`),
      await late.call('GET', `/messages/${other.id}/revisions`),
      await late.call('GET', `/messages/${other.id}/replies`),
    ]) {
      expect(refusalOf(answer)).toEqual([404, 'NOT_FOUND']);
    }
  });
});
