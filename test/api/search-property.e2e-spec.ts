import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageView } from '../../src/protocol/views.js';
import { type Actor, World } from '../support/world.js';
import { changeMessage, search, searchAll } from '../support/search.js';

/** Few words, so that they meet often. */
const WORDS = ['tea', 'Tea', 'thé', 'milk', 'sugar', 'cup'];
const SIGNS = ['茶', '水', '牛', '奶'];
const ROOMS = 12;
const MESSAGES = 240;

function randomOf(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return state % most;
  };
}

const random = randomOf(20_261);
const oneOf = <T>(list: readonly T[]): T => list[random(list.length)];
const signs = () => Array.from({ length: 2 + random(3) }, () => oneOf(SIGNS)).join('');
const textOf = () => Array.from({ length: 1 + random(4) }, () => (random(3) ? oneOf(WORDS) : signs())).join(' ');

/** What is written: the text as it is now, or null where it was deleted. */
interface Written {
  readonly message: MessageView;
  text: string | null;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');

/** The simplest search there is: words are words, signs are parts. */
function holds(text: string, query: string): boolean {
  const words = plain(text).split(/[^a-z]+/);
  return plain(query)
    .split(' ')
    .every((part) => (/[a-z]/.test(part) ? words.includes(part) : text.includes(part)));
}

describe('search', () => {
  let world: World;
  let ann: Actor;
  let bob: Actor;
  let rooms: string[];
  const written: Written[] = [];
  beforeAll(async () => {
    world = await World.create();
    [ann, bob] = await world.users(2);
    rooms = [];
    // Of the last three Bob is no member.
    for (let i = 0; i < ROOMS; i++) rooms.push((await world.room(i < ROOMS - 3 ? [ann, bob] : [ann])).id);
  });
  afterAll(() => world?.stop());

  async function write(): Promise<void> {
    const kind = random(10);
    const known = written.length > 20 ? oneOf(written) : null;
    if (kind < 7 || !known || known.text === null) {
      const text = textOf();
      written.push({ message: await ann.say(oneOf(rooms), text), text });
    } else if (kind < 9) {
      known.text = textOf();
      await changeMessage(world, known.message, { text: known.text });
    } else {
      known.text = null;
      await changeMessage(world, known.message, { deleted: true });
    }
  }

  /** What the rows say: the newest first. */
  function expected(query: string, among: readonly string[]): string[] {
    const found = written.filter(
      ({ message, text }) => text !== null && among.includes(message.roomId) && holds(text, query),
    );
    const order = (one: MessageView, other: MessageView) =>
      other.createdAt.localeCompare(one.createdAt) || other.roomId.localeCompare(one.roomId) || other.rev - one.rev;
    return found
      .map(({ message }) => message)
      .sort(order)
      .map(({ id }) => id);
  }

  it('finds exactly what a search through all rows finds, for every reader, whatever was changed', async () => {
    let hits = 0;
    for (let round = 0; round < MESSAGES; round++) {
      await write();
      if (round % 4 > 0) continue;
      const query = Array.from({ length: 1 + random(2) }, () => (random(3) ? oneOf(WORDS) : signs().slice(0, 2))).join(
        ' ',
      );
      const [actor, own] = random(2) ? [ann, rooms] : [bob, rooms.slice(0, -3)];
      const roomId = random(3) ? undefined : oneOf(own);
      const found = await searchAll(actor, { q: query, roomId, limit: 1 + random(20) });
      expect([query, found.map(({ id }) => id)]).toEqual([query, expected(query, roomId ? [roomId] : own)]);
      hits += found.length;
    }
    expect(hits).toBeGreaterThan(500);
    expect((await search(bob, { q: 'tea' })).complete).toBe(true);
  });
});
