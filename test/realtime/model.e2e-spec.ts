import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { SocketClass } from '../../sdk/socket.js';
import { memoryStore } from '../../sdk/tokens.js';
import type { MessageView } from '../../src/protocol/views.js';
import { type Actor, World, newUlid } from '../support/world.js';

const PEOPLE = 4;
const ROOMS = 2;
const RUNS = Number(process.env.MODEL_RUNS ?? 25);
/** The same again with `MODEL_SEED`, as it was printed. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
const WAIT_MS = 20_000;
const EMOJI = ['👍', '❤️', '🎉'];

const place = { who: fc.nat(PEOPLE - 1), where: fc.nat(ROOMS - 1), which: fc.nat(30) };
/** What somebody may do: with the message `which` of a room, counted over those that the run has sent there. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ ...place, does: fc.constant('send'), text: fc.string({ unit: 'grapheme', maxLength: 20 }) }),
  },
  { weight: 2, arbitrary: fc.record({ ...place, does: fc.constantFrom('reply', 'mention', 'forward') }) },
  { weight: 4, arbitrary: fc.record({ ...place, does: fc.constantFrom('edit', 'delete', 'pin', 'unpin') }) },
  {
    weight: 4,
    arbitrary: fc.record({ ...place, does: fc.constantFrom('react', 'unreact'), emoji: fc.constantFrom(...EMOJI) }),
  },
  { weight: 2, arbitrary: fc.record({ ...place, does: fc.constantFrom('read', 'leave', 'return') }) },
);
type Step = { who: number; where: number; which: number; does: string; text?: string; emoji?: string };

/** A person with one client that keeps a copy, and comes and goes. */
class Person {
  isAway = false;

  constructor(
    readonly actor: Actor,
    readonly client: ParleyClient,
  ) {}

  leave(): void {
    this.client.close();
    this.isAway = true;
  }

  async return(): Promise<void> {
    if (!this.isAway) return;
    this.isAway = false;
    await this.client.connect();
  }
}

describe('copies of clients, fed by live frames and catch-up alone', () => {
  let world: World;
  let people: Person[];
  beforeAll(async () => {
    // A small gap, so that absences end in a reset too.
    world = await World.create({ LIMIT_REACTIONS_EVERY_MS: '20', LIMIT_CHANGES_GAP: '25', LIMIT_CHANGES_PAGE: '7' });
    const actors = await world.users(PEOPLE);
    people = await Promise.all(actors.map(async (actor) => new Person(actor, await clientOf(actor))));
  });
  afterAll(async () => {
    for (const { client } of people) client.close();
    await world.stop();
  });

  async function clientOf(actor: Actor): Promise<ParleyClient> {
    const login = memoryStore(actor.tokens.refreshToken);
    const client = new ParleyClient({ url: world.app.url, webSocket: WebSocket as unknown as SocketClass, login });
    await client.connect();
    return client;
  }

  it('equal the database, whatever was done meanwhile', { timeout: 240_000 }, async () => {
    process.stdout.write(`copies and truth: ${RUNS} runs, MODEL_SEED=${SEED}\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(step as fc.Arbitrary<Step>, { minLength: 10, maxLength: 60 }), async (steps) => {
        const rooms = await Promise.all(
          Array.from({ length: ROOMS }, () => world.room(people.map(({ actor }) => actor))),
        );
        const roomIds = rooms.map(({ id }) => id);
        await Promise.all(people.map((person) => until(() => roomIds.every((id) => person.client.rooms.has(id)))));
        // What is missed of an open room comes as frames, which do not say whose reactions are one's own.
        for (const { client } of people.slice(1)) for (const id of roomIds) client.openRoom(id);
        const sent = new Map<string, string[]>(roomIds.map((id) => [id, []]));
        for (const one of steps) await take(one, roomIds, sent);
        for (const person of people) await person.return();
        for (const person of people) for (const id of roomIds) await expectTruth(person, id);
        for (const { client } of people.slice(1)) for (const id of roomIds) client.closeRoom(id);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: false, interruptAfterTimeLimit: 180_000 },
    );
  });

  async function take({ who, where, which, does, text, emoji }: Step, roomIds: string[], sent: Map<string, string[]>) {
    const person = people[who];
    const { actor } = person;
    const roomId = roomIds[where];
    const ids = sent.get(roomId) ?? [];
    const id = ids[which % Math.max(ids.length, 1)];
    const post = async (body: object) => {
      const key = newUlid();
      const { status } = await actor.call('POST', `/rooms/${roomId}/messages`, { id: key, ...body });
      if (status === 201) ids.push(key);
    };
    if (does === 'send') await post({ text: text?.trim() ? text : 'something' });
    if (does === 'mention') await post({ text: 'you', mentions: [people[which % PEOPLE].actor.id] });
    if (does === 'leave') person.leave();
    if (does === 'return') await person.return();
    if (does === 'read' && !person.isAway) person.client.read(roomId);
    if (!id) return;
    const path = `/messages/${id}`;
    if (does === 'reply') await post({ text: 'answer', replyToId: id });
    if (does === 'forward') await post({ forwardOf: id });
    if (does === 'edit') await actor.call('PATCH', path, { text: `edited ${which}` });
    if (does === 'delete') await actor.call('DELETE', path);
    if (does === 'pin') await people[0].actor.call('PUT', `${path}/pin`);
    if (does === 'unpin') await people[0].actor.call('DELETE', `${path}/pin`);
    const reaction = `${path}/reactions/${encodeURIComponent(emoji ?? '')}`;
    if (does === 'react') await actor.call('PUT', reaction);
    if (does === 'unreact') await actor.call('DELETE', reaction);
  }

  /** The copy of one room against what a fresh reader of the same rights gets. */
  async function expectTruth({ actor, client }: Person, roomId: string): Promise<void> {
    const { headRev } = (await actor.call('GET', `/rooms/${roomId}`)).body;
    await until(() => client.rooms.get(roomId)?.lastRev === headRev);
    while (await client.loadOlder(roomId, 100));
    const truth: MessageView[] = [];
    for (let path = '?limit=100', more = true; more;) {
      const { items, prev } = (await actor.call('GET', `/rooms/${roomId}/messages${path}`)).body;
      truth.unshift(...items);
      [path, more] = [`?limit=100&cursor=${prev}`, prev !== null];
    }
    await until(() => client.rooms.get(roomId)?.missingFrom === null);
    expect(client.rooms.get(roomId)?.messages).toEqual(truth);
    await expect
      .poll(
        async () => {
          const room = client.rooms.get(roomId);
          const { body } = await actor.call('GET', `/rooms/${roomId}`);
          const isSame =
            room?.readSeq === body.readSeq && room?.unread === body.unread && room?.mentions === body.mentions;
          return isSame || [room?.readSeq, room?.unread, room?.mentions, body.readSeq, body.unread, body.mentions];
        },
        { timeout: WAIT_MS },
      )
      .toBe(true);
  }
});

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 10) {
    if (waited > WAIT_MS) throw new Error('that did not come');
    await pause(10);
  }
}
