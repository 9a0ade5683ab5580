import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseWire } from '../support/database-wire.js';
import { createDatabase, engine } from '../support/engine.js';
import { type Actor, World } from '../support/world.js';

/** Each way, so that something is being read at every moment. */
const LATE_MS = 60;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Twice as long as it takes until the marks of own messages are stored. */
const WATCHED_MS = 2500;

// SQLite lies in the process and answers at once.
describe.runIf(engine === 'mysql')('a database that answers late', () => {
  let world: World;
  let wire: DatabaseWire;
  beforeAll(async () => {
    const database = await createDatabase();
    wire = new DatabaseWire(database.url);
    await wire.mend();
    world = await World.create({}, { database: { ...database, url: wire.url } });
  });
  afterAll(async () => {
    wire.passAtOnce();
    await world.stop();
    await wire.cut();
  });

  async function unreadOf(actor: Actor): Promise<Set<number>> {
    const seen = new Set<number>();
    const ends = Date.now() + WATCHED_MS;
    const ask = async () => {
      while (Date.now() < ends) {
        const { body } = await actor.call('GET', '/sync');
        seen.add(body.unread).add(body.rooms[0].unread);
      }
    };
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        await pause(i * 50);
        await ask();
      }),
    );
    return seen;
  }

  it('never shows the sender his own messages as unread, also where they were read before they were marked', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    wire.delay(LATE_MS);
    for (let i = 0; i < 3; i++) await ann.say(id);
    expect([...(await unreadOf(ann))]).toEqual([0]);
  });

  it('shows what was marked as unread right behind one’s own message', async () => {
    const [ann, bob] = await world.users(2);
    const { id } = (await ann.call('POST', '/rooms/direct', { userId: bob.id })).body;
    wire.delay(LATE_MS);
    for (let i = 0; i < 3; i++) await ann.say(id);
    await ann.call('POST', `/rooms/${id}/read`, { readSeq: 1, unread: true });
    expect([...(await unreadOf(ann))]).toEqual([2]);
  });
});
