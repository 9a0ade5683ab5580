import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, engine } from '../support/engine.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { Actor, World, newUlid } from '../support/world.js';
import { changeMessage, search, searchAll, textsOf } from '../support/search.js';

const run = promisify(execFile);
const indexOf = (world: World) => join(world.app.config.dataDir, 'search.db');

function drop(world: World): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(indexOf(world) + ending, { force: true });
}

/** Appends that many messages to a room, past the server. */
async function fill(world: World, { roomId, senderId, count }: { roomId: string; senderId: string; count: number }) {
  const { headRev, headSeq } = (
    await world.app.rows<{ headRev: number; headSeq: number }>(
      `SELECT headRev, headSeq FROM rooms WHERE id = '${roomId}'`,
    )
  )[0];
  const text = 'some of the many words that stand in a long message '.repeat(12);
  const rowOf = (i: number) => {
    const [rev, seq] = [Number(headRev) + i, Number(headSeq) + i];
    return { roomId, rev, id: newUlid(), lastRev: rev, seq, kind: 'text', senderId, text, createdAt: Date.now() };
  };
  const uow = world.app.get(UnitOfWork);
  for (let done = 0; done < count; done += 1000) {
    const rows = Array.from({ length: 1000 }, (_, i) => rowOf(done + i + 1));
    await uow.run((tx) => insertRows(tx, 'messages', rows));
  }
  await world.app.rows(
    `UPDATE rooms SET headRev = headRev + ${count}, headSeq = headSeq + ${count} WHERE id = '${roomId}'`,
  );
}

/** Asks again until the answer is what is waited for, for two seconds at most. */
async function within2s<T>(ask: () => Promise<T>, isIt: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 2000;
  let answer = await ask();
  while (!isIt(answer) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await ask();
  }
  return answer;
}

describe('the index', () => {
  let world: World;
  let ann: Actor;
  let roomId: string;
  beforeAll(async () => {
    world = await World.create();
    ann = await world.user();
    ({ id: roomId } = await world.room([ann]));
    for (let i = 0; i < 30; i++) await ann.say(roomId, `walnut ${i}`);
  });
  afterAll(() => world?.stop());

  it('has what was sent when it is asked the next time, and says that it is complete', async () => {
    await ann.say(roomId, 'hazelnut');
    const found = await within2s(
      () => search(ann, { q: 'hazelnut' }),
      ({ items }) => items.length > 0,
    );
    expect(found).toMatchObject({ items: [{ text: 'hazelnut' }], complete: true, progress: 100 });
  });

  it.each([
    ['is missing', drop],
    [
      'is no database',
      (own: World) => writeFileSync(indexOf(own), 'not a database, but long enough to be read as one'),
    ],
    ['is empty', (own: World) => writeFileSync(indexOf(own), '')],
  ])('makes itself again where its file %s at the start', async (_, spoil) => {
    await world.restart({}, () => {
      drop(world);
      spoil(world);
    });
    const found = await within2s(
      () => search(ann, { q: 'walnut', limit: 100 }),
      ({ complete }) => complete,
    );
    expect([found.items.length, found.complete]).toEqual([30, true]);
  });

  it('makes itself again where its file goes away under it', async () => {
    drop(world);
    const found = await within2s(
      () => search(ann, { q: 'walnut', limit: 100 }),
      ({ items }) => items.length === 30 && existsSync(indexOf(world)),
    );
    expect(found.items).toHaveLength(30);
    expect(existsSync(indexOf(world))).toBe(true);
  });

  it('says what it lacks while it is made again, and answers with what there is', async () => {
    const { id: longId } = await world.room([ann]);
    await ann.say(longId, 'cashew at the beginning');
    await fill(world, { roomId: longId, senderId: ann.id, count: 30_000 });
    const { id: shortId } = await world.room([ann]);
    await ann.say(shortId, 'cashew in another room');
    await world.restart({}, () => drop(world));
    const first = await search(ann, { q: 'cashew', roomId: longId });
    expect(first.complete).toBe(false);
    expect(first.progress).toBeLessThan(100);
    expect(await search(ann, { q: 'cashew', roomId: shortId })).toMatchObject({ items: { length: 1 }, complete: true });
    let last = first.progress;
    for (let answer = first; !answer.complete; answer = await search(ann, { q: 'cashew', roomId: longId })) {
      expect(answer.progress).toBeGreaterThanOrEqual(last);
      last = answer.progress;
    }
    expect(textsOf(await search(ann, { q: 'cashew' }))).toEqual(['cashew in another room', 'cashew at the beginning']);
  });

  it('is made again by a command, while the server goes on', async () => {
    const { env } = process;
    const { database, dataDir } = world.app.config;
    const url = database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url;
    const own = { PATH: env.PATH, HOME: env.HOME, NODE_ENV: 'test', DATABASE_URL: url, DATA_DIR: dataDir };
    const { stdout } = await run(process.execPath, ['scripts/search-rebuild.mjs'], { env: own });
    expect(stdout).toMatch(/^the index is complete/m);
    expect((await search(ann, { q: 'walnut', limit: 100 })).items).toHaveLength(30);
  });

  it('tells operators how it is, and leaves the node ready', async () => {
    const { status, body } = await world.call('GET', `${world.app.url}/readyz`);
    expect([status, body.parts.search.ok]).toEqual([200, true]);
    const metrics = await (await fetch(`${world.app.url}/metrics`)).text();
    for (const name of ['indexed_messages', 'behind_rooms', 'busy_seconds']) {
      expect(metrics).toMatch(new RegExp(`^chat_search_${name} \\d`, 'm'));
    }
  });
});

// SQLite has one node.
describe.runIf(engine === 'mysql')('two nodes on one database', () => {
  it.each([
    ['with an index each', false],
    ['with one index', true],
  ])('find what the other one has written, %s', async (_, shared) => {
    const database = await createDatabase();
    const other = await createDatabase();
    const here = await World.create({}, { database });
    const there = await World.create(shared ? {} : { DATA_DIR: other.dataDir }, { database });
    const [ann, bob] = await here.users(2);
    const bobThere = new Actor(there, bob.tokens);
    const { id: roomId } = await here.room([ann, bob]);
    const message = await ann.say(roomId, 'almond of here');
    const texts = async (actor: Actor, q: string) => textsOf(await search(actor, { q }));
    expect(
      await within2s(
        () => texts(bobThere, 'almond'),
        (found) => found.length > 0,
      ),
    ).toEqual(['almond of here']);
    await bobThere.say(roomId, 'almond of there');
    expect(
      await within2s(
        () => texts(ann, 'almond'),
        (found) => found.length > 1,
      ),
    ).toHaveLength(2);
    await changeMessage(there, message, { text: 'peanut' });
    expect(await texts(ann, 'here')).toEqual([]);
    expect(
      await within2s(
        () => texts(ann, 'peanut'),
        (found) => found.length > 0,
      ),
    ).toEqual(['peanut']);
    await Promise.all(Array.from({ length: 40 }, (__, i) => (i % 2 ? ann : bobThere).say(roomId, `pistachio ${i}`)));
    const [mine, his] = [await searchAll(ann, { q: 'pistachio' }), await searchAll(bobThere, { q: 'pistachio' })];
    expect([mine.length, his.map(({ id }) => id)]).toEqual([40, mine.map(({ id }) => id)]);
    await there.app.app.close();
    await here.stop();
    await other.drop();
  });
});
