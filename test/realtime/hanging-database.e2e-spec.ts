import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseWire } from '../support/database-wire.js';
import { createDatabase, engine } from '../support/engine.js';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

/** Two seconds are promised (P16); the rest is for a machine that has other things to do. */
const PROMISED_MS = 3000;
/** It travels with the rows; the marks that are stored every second have commits, too. */
const COMMIT_OF_A_FLUSH = 'INSERT INTO messages';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// SQLite lies in the process and cannot go away.
describe.runIf(engine === 'mysql')('a database that hangs', () => {
  let world: World;
  let wire: DatabaseWire;
  let [ann, bob]: Actor[] = [];
  let [sender, watcher]: TestSocket[] = [];
  let roomId: string;
  beforeAll(async () => {
    const database = await createDatabase();
    wire = new DatabaseWire(database.url);
    await wire.mend();
    world = await World.create({}, { database: { ...database, url: wire.url } });
    [ann, bob] = await world.users(2);
    roomId = (await world.room([ann, bob])).id;
    [sender, watcher] = [await ann.connect(), await bob.connect()];
    await sender.call('message.send', { roomId, id: newUlid(), text: 'before' });
  });
  afterAll(async () => {
    wire.goOn();
    await world.stop();
    await wire.cut();
  });

  interface Outcome {
    readonly id: string;
    readonly code: string;
    readonly ms: number;
  }

  async function send(socket = sender, id = newUlid()): Promise<Outcome> {
    const begun = Date.now();
    const { event, data } = await socket.call('message.send', { roomId, id, text: id });
    const acked = data.duplicate ? 'duplicate' : 'ack';
    return { id, code: event === 'ack' ? acked : String(data.code), ms: Date.now() - begun };
  }

  async function post(): Promise<Outcome> {
    const [id, begun] = [newUlid(), Date.now()];
    const { status, body } = await ann.call('POST', `/rooms/${roomId}/messages`, { id, text: id });
    return { id, code: status === 201 ? 'ack' : body.code, ms: Date.now() - begun };
  }

  const isStored = async (id: string) =>
    (await world.app.rows('SELECT id FROM messages WHERE id = ?', [id])).length === 1;

  const seen = (id: string) =>
    watcher.until(() => watcher.of('message.created').some((frame) => frame.data.id === id), 'the message');

  function expectRefusedInTime(outcomes: Outcome[]): void {
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['UNAVAILABLE']));
    expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(PROMISED_MS);
  }

  /** What was refused is not stored, was shown to nobody, and the ways in are still open. */
  async function expectNothingOf(outcomes: Outcome[]): Promise<void> {
    for (const { id } of outcomes) expect(await isStored(id)).toBe(false);
    const shown = new Set(watcher.of('message.created').map((frame) => frame.data.id));
    expect(outcomes.filter(({ id }) => shown.has(id))).toEqual([]);
    expect([sender.closed, watcher.closed]).toEqual([null, null]);
  }

  it('answers UNAVAILABLE in time to every send, keeps the sockets and goes on afterwards', async () => {
    wire.hang();
    const answers: Promise<Outcome>[] = [];
    for (let i = 0; i < 40; i++) {
      answers.push(send(), ...(i % 8 ? [] : [post()]));
      await pause(100);
    }
    const outcomes = await Promise.all(answers);
    expectRefusedInTime(outcomes);
    wire.goOn();
    const first = await send();
    expect(first.code).toBe('ack');
    await seen(first.id);
    await expectNothingOf(outcomes);
  });

  it('says TIMEOUT of a commit that hangs and refuses what waits; a repeat gets the ack when it is through', async () => {
    wire.hangAt(COMMIT_OF_A_FLUSH);
    const committing = send();
    while (!wire.isHanging) await pause(5);
    const behind = Promise.all(Array.from({ length: 20 }, (_, i) => send(i % 2 ? sender : watcher)));
    const { id, code, ms } = await committing;
    expect(code).toBe('TIMEOUT');
    expect(ms).toBeLessThan(PROMISED_MS);
    expectRefusedInTime(await behind);
    expect((await send(sender, id)).code).toBe('TIMEOUT');
    wire.goOn();
    await seen(id);
    // Others may see it a moment before the writer hears that it is through.
    await expect.poll(async () => (await send(sender, id)).code).toBe('duplicate');
    expect(watcher.of('message.created').filter((frame) => frame.data.id === id)).toHaveLength(1);
    await expectNothingOf(await behind);
  });

  it('shows, in order, what a commit stored whose answer was never seen', async () => {
    wire.hangAt(COMMIT_OF_A_FLUSH);
    const lost = await send();
    expect(lost.code).toBe('TIMEOUT');
    // The writer waits four seconds for the answer to a commit, and then gives the connection up.
    await pause(4500);
    wire.goOn();
    const next = await send();
    await Promise.all([seen(lost.id), seen(next.id)]);
    const revs = watcher.durable(roomId).map((frame) => frame.rev ?? 0);
    expect(revs.every((rev, i) => i === 0 || rev === revs[i - 1] + 1)).toBe(true);
    await expect.poll(async () => (await send(sender, lost.id)).code).toBe('duplicate');
  });
});
