import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { SocketClass } from '../../sdk/socket.js';
import { type Actor, World } from '../support/world.js';
import { changeMessage, matchedIn, search, searchAll, textsOf } from '../support/search.js';

let world: World;
let ann: Actor;
let bob: Actor;

beforeAll(async () => {
  world = await World.create();
  [ann, bob] = await world.users(2);
});

afterAll(() => world?.stop());

/** A room in which Ann has said these. */
async function roomWith(...texts: string[]): Promise<string> {
  const { id } = await world.room([ann, bob]);
  for (const text of texts) await ann.say(id, text);
  return id;
}

describe('words', () => {
  it.each([
    ['a word', 'garden', 'The garden, at last'],
    ['several words in any order', 'last garden', 'The garden, at last'],
    ['a word in another case', 'GARDEN', 'The garden, at last'],
    ['a word without its accents', 'cafe zoe', 'Zoë waits at the Café'],
    ['accents where there are none', 'crème', 'creme brulee'],
    ['letters of two in one', 'strasse', 'In der Straße'],
    ['wide letters', 'parley', 'ＰＡＲＬＥＹ is here'],
    ['Cyrillic', 'МИР', 'привет, мир'],
    ['Vietnamese', 'nguyen duc', 'Nguyễn Đức'],
    ['a number', '4711', 'the code is 4711'],
    ['part of an address', 'example', 'see https://example.org/page'],
    ['what stands around an apostrophe', "don't", 'I don’t know'],
  ])('finds %s', async (_, q, text) => {
    const roomId = await roomWith(text, 'nothing of it', text.replace(/\S+$/, 'x'));
    expect(textsOf(await search(ann, { q, roomId })).slice(-1)).toEqual([text]);
  });

  it.each([
    ['only one of two', 'garden house', 'The garden, at last'],
    ['a part of a word', 'gard', 'The garden, at last'],
    ['the parts of a phrase apart', '"at garden"', 'The garden, at last'],
    ['other accents as another letter', 'ガス', 'カス'],
  ])('does not find %s', async (_, q, text) => {
    const roomId = await roomWith(text);
    expect(textsOf(await search(ann, { q, roomId }))).toEqual([]);
  });

  it('tells what matched, in characters of the text', async () => {
    const roomId = await roomWith('😀 Café, garden and CAFE');
    const { items } = await search(ann, { q: 'cafe "garden and"', roomId });
    expect(items[0].matches[0]).toEqual({ start: 2, end: 6 });
    expect(items.map(matchedIn)).toEqual([['Café', 'garden and', 'CAFE']]);
  });
});

describe('phrases', () => {
  it('stand next to each other, whatever is between the words', async () => {
    const texts = ['hello, world', 'world hello', 'hello my world', 'Hello World!'];
    const roomId = await roomWith(...texts);
    expect(textsOf(await search(ann, { q: '"hello world"', roomId }))).toEqual([texts[3], texts[0]]);
    expect(textsOf(await search(ann, { q: '“hello world', roomId }))).toEqual([texts[3], texts[0]]);
    expect(textsOf(await search(ann, { q: 'hello world', roomId }))).toHaveLength(4);
  });
});

describe('Chinese, Japanese and Korean', () => {
  it.each([
    ['two characters of Chinese', '大学', '我在北京大学读书', ['大学']],
    ['more of it', '北京大学', '我在北京大学读书', ['北京大学']],
    ['two parts of it', '读书 北京', '我在北京大学读书', ['北京', '读书']],
    ['across words', '京大', '我在北京大学读书', ['京大']],
    ['Japanese', '京都', '東京都に住んでいます', ['京都']],
    ['Hiragana', 'んで', '東京都に住んでいます', ['んで']],
    ['half-width Katakana', 'ガス', 'ｶﾞｽが高い', ['ｶﾞｽ']],
    ['the long sign', 'コーヒー', 'コーヒーを飲む', ['コーヒー']],
    ['Korean', '학교', '나는 학교에서 공부해요', ['학교']],
    ['Korean that was taken apart', '학교', '학교에서'.normalize('NFD'), ['학교'.normalize('NFD')]],
    ['mixed with English', 'iphone 手机', '新的iPhone手机到了', ['iPhone', '手机']],
    ['mixed without a space', 'iPhone手机', '新的iPhone手机到了', ['iPhone手机']],
    ['rare characters', '𠮷野', 'これは𠮷野家です', ['𠮷野']],
  ])('are found by %s', async (_, q, text, matched) => {
    const roomId = await roomWith(text, '别的 something 다른');
    const { items } = await search(ann, { q, roomId });
    expect(items.map((item) => [item.text, matchedIn(item)])).toEqual([[text, matched]]);
  });

  it('are not found where the characters stand apart', async () => {
    const roomId = await roomWith('北方的京城', '北，京', '京北');
    expect(textsOf(await search(ann, { q: '北京', roomId }))).toEqual([]);
  });

  it('take single characters along', async () => {
    const roomId = await roomWith('我们在学校', '他们在学校');
    expect(textsOf(await search(ann, { q: '学校 我', roomId }))).toEqual(['我们在学校']);
  });
});

describe('what was changed', () => {
  it('is found by its new text and never by its old one', async () => {
    const { id: roomId } = await world.room([ann, bob]);
    const message = await ann.say(roomId, 'the old text');
    expect(textsOf(await search(ann, { q: 'old', roomId }))).toEqual(['the old text']);
    await changeMessage(world, message, { text: 'a fresh one' });
    expect(textsOf(await search(ann, { q: 'old', roomId }))).toEqual([]);
    expect(textsOf(await search(ann, { q: 'fresh', roomId }))).toEqual(['a fresh one']);
    await changeMessage(world, message, { deleted: true });
    for (const q of ['old', 'fresh']) expect(textsOf(await search(bob, { q, roomId }))).toEqual([]);
  });

  it('leaves what stood beside it', async () => {
    const { id: roomId } = await world.room([ann, bob]);
    const messages = [];
    for (let i = 0; i < 40; i++) messages.push(await ann.say(roomId, `beside number${i}`));
    expect((await search(ann, { q: 'beside', roomId, limit: 100 })).items).toHaveLength(40);
    await changeMessage(world, messages[20], { text: 'moved number20' });
    await changeMessage(world, messages[21], { deleted: true });
    const found = await searchAll(ann, { q: 'beside', roomId, limit: 7 });
    expect(found.map(({ id }) => id)).toEqual(
      messages
        .filter((_, i) => i !== 20 && i !== 21)
        .map(({ id }) => id)
        .reverse(),
    );
    expect(textsOf(await search(ann, { q: 'number20', roomId }))).toEqual(['moved number20']);
  });
});

describe('what it is bounded to', () => {
  it('senderId, and that alone', async () => {
    const { id: roomId } = await world.room([ann, bob]);
    await ann.say(roomId, 'apples of mine');
    await bob.say(roomId, 'apples of his');
    expect(textsOf(await search(ann, { q: 'apples', roomId, senderId: bob.id }))).toEqual(['apples of his']);
    expect(textsOf(await search(ann, { roomId, senderId: ann.id }))).toEqual(['apples of mine']);
  });

  it('what a message has', async () => {
    const roomId = await roomWith('see https://example.org', 'a plain text', 'http:// is none');
    const [file, image] = [await ann.say(roomId, 'the report'), await ann.say(roomId, 'the photo')];
    await changeMessage(world, file, { payload: { attachments: [{ id: file.id, mediaType: 'application/pdf' }] } });
    await changeMessage(world, image, { payload: { attachments: [{ id: image.id, mediaType: 'image/png' }] } });
    const having = async (has: string) => textsOf(await search(ann, { has, roomId }));
    expect(await having('link')).toEqual(['see https://example.org']);
    expect(await having('file')).toEqual(['the photo', 'the report']);
    expect(await having('image')).toEqual(['the photo']);
    expect(textsOf(await search(ann, { has: 'file', q: 'report', roomId }))).toEqual(['the report']);
  });

  it('a time, both ends included', async () => {
    const roomId = await roomWith('melon 1', 'melon 2', 'melon 3');
    const { items } = await search(ann, { q: 'melon', roomId });
    const at = items[1].createdAt;
    const same = items.filter(({ createdAt }) => createdAt === at).map(({ text }) => text);
    expect(textsOf(await search(ann, { q: 'melon', roomId, from: at, to: at }))).toEqual(same);
    expect(textsOf(await search(ann, { q: 'melon', roomId, from: at }))).toContain('melon 3');
    expect(textsOf(await search(ann, { q: 'melon', roomId, to: at }))).toContain('melon 1');
    expect(textsOf(await search(ann, { q: 'melon', to: '2020-01-01T00:00:00Z' }))).toEqual([]);
    expect(textsOf(await search(ann, { q: 'melon', from: '2100-01-01T00:00:00Z' }))).toEqual([]);
  });
});

describe('pages', () => {
  it('hold each message once, the newest first, in one room and over all, whatever comes meanwhile', async () => {
    const [cid, dan] = await world.users(2);
    const rooms = [];
    for (let i = 0; i < 12; i++) rooms.push((await world.room([cid, dan])).id);
    const sent: string[] = [];
    for (let i = 0; i < 90; i++) sent.push((await cid.say(rooms[(i * i) % 12], `pear ${i % 3 ? 'ripe' : 'green'}`)).id);
    for (const limit of [1, 7, 50]) {
      const found = await searchAll(dan, { q: 'pear', limit });
      expect(found.map(({ id }) => id).sort()).toEqual([...sent].sort());
      const times = found.map(({ createdAt }) => createdAt);
      expect(times).toEqual([...times].sort().reverse());
    }
    const first = await search(dan, { q: 'ripe', limit: 20 });
    await cid.say(rooms[0], 'pear ripe and late');
    const rest = await searchAll(dan, { q: 'ripe', limit: 20, cursor: first.next ?? '' });
    expect([...first.items, ...rest].map(({ id }) => id).sort()).toEqual(sent.filter((_, i) => i % 3).sort());
    expect(await searchAll(dan, { q: 'pear', roomId: rooms[1], limit: 3 })).toHaveLength(
      sent.filter((_, i) => (i * i) % 12 === 1).length,
    );
  });
});

describe('who may see it', () => {
  it('nobody who is no member', async () => {
    const roomId = await roomWith('the plum is here');
    const { id: openId } = await world.room([ann], { visibility: 'public' });
    await ann.say(openId, 'another plum');
    const cid = await world.user();
    expect(textsOf(await search(cid, { q: 'plum' }))).toEqual([]);
    expect((await cid.call('GET', `/search/messages?q=plum&roomId=${roomId}`)).status).toBe(404);
    expect((await cid.call('GET', `/search/messages?q=plum&roomId=${openId}`)).status).toBe(403);
    await cid.call('POST', `/rooms/${openId}/join`);
    expect(textsOf(await search(cid, { q: 'plum' }))).toEqual(['another plum']);
  });

  it('nobody who was removed, from the answer on', async () => {
    const [cid] = await world.users(1);
    const { id: roomId } = await world.room([ann, cid]);
    await ann.say(roomId, 'cherry');
    expect(textsOf(await search(cid, { q: 'cherry' }))).toEqual(['cherry']);
    await ann.call('DELETE', `/rooms/${roomId}/members/${cid.id}`);
    expect(textsOf(await search(cid, { q: 'cherry' }))).toEqual([]);
    expect((await cid.call('GET', `/search/messages?q=cherry&roomId=${roomId}`)).status).toBe(404);
    expect(textsOf(await search(ann, { q: 'cherry', roomId }))).toEqual(['cherry']);
  });

  it('nothing from before the joining where the room says so', async () => {
    const { id: roomId } = await world.room([ann], { visibility: 'public' });
    await ann.call('PATCH', `/rooms/${roomId}`, { settings: { history: 'joining' } });
    const old = await ann.say(roomId, 'grape of old');
    const [cid] = await world.users(1);
    await cid.call('POST', `/rooms/${roomId}/join`);
    await ann.say(roomId, 'grape of now');
    expect(textsOf(await search(cid, { q: 'grape' }))).toEqual(['grape of now']);
    // A change of an old message is no way to it.
    await changeMessage(world, old, { text: 'grape of old, changed' });
    expect(textsOf(await search(cid, { q: 'grape', roomId }))).toEqual(['grape of now']);
    expect(textsOf(await search(ann, { q: 'grape', roomId }))).toEqual(['grape of now', 'grape of old, changed']);
  });

  it('marks those whom the reader has blocked, as in history', async () => {
    const [cid, dan] = await world.users(2);
    const { id: roomId } = await world.room([cid, dan]);
    await dan.say(roomId, 'quince');
    await cid.call('PUT', `/blocks/${dan.id}`);
    for (const query of [{ q: 'quince' }, { q: 'quince', roomId }]) {
      expect((await search(cid, query)).items.map(({ blocked }) => blocked)).toEqual([true]);
      expect((await search(dan, query)).items.map(({ blocked }) => blocked)).toEqual([undefined]);
    }
  });
});

describe('the SDK', () => {
  it('searches', async () => {
    const { rest } = new ParleyClient({ url: world.app.url, webSocket: WebSocket as unknown as SocketClass });
    await rest.guest('Sam');
    const { id: roomId } = await rest.createRoom({ name: 'Sam’s', visibility: 'public' });
    await ann.call('POST', `/rooms/${roomId}/join`);
    await ann.say(roomId, 'a lychee');
    const { items, complete } = await rest.search({ q: 'lychee', senderId: ann.id, limit: 1 });
    expect([items.map(({ text }) => text), complete]).toEqual([['a lychee'], true]);
  });
});

describe('what cannot be looked for', () => {
  it.each([
    ['nothing', '', 'q'],
    ['an empty text', 'q=', 'q'],
    ['punctuation', 'q=%21%3F', 'q'],
    ['emoji', 'q=%F0%9F%98%80', 'q'],
    ['one sign', 'q=%E6%88%91', 'q'],
    ['a word of another kind', 'q=a&has=sound', 'has'],
    ['a limit past the highest', 'q=a&limit=101', 'limit'],
    ['a time that is none', 'q=a&from=yesterday', 'from'],
    ['a cursor of another list', 'q=a&cursor=WzFd', 'cursor'],
    ['a room that is none', 'q=a&roomId=x', 'roomId'],
  ])('%s', async (_, query, path) => {
    const { status, body } = await ann.call('GET', `/search/messages?${query}`);
    expect([status, body.code, body.errors[0].path]).toEqual([422, 'VALIDATION_FAILED', path]);
  });
});

describe('without an index', () => {
  it('says so, and keeps none', async () => {
    const other = await World.create({ SEARCH: 'off' });
    onTestFinished(() => other.stop());
    const somebody = await other.user();
    await somebody.say((await other.room([somebody])).id, 'something');
    const { status, body } = await somebody.call('GET', '/search/messages?q=something');
    expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await other.call('GET', '/config')).body.features.search).toBe(false);
    expect(existsSync(join(other.app.config.dataDir, 'search.db'))).toBe(false);
  });
});
