import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseWire } from '../support/database-wire.js';
import { createDatabase, engine } from '../support/engine.js';
import type { TestSocket } from '../support/socket.js';
import { type Actor, World, newUlid } from '../support/world.js';

/** Two seconds are promised (P16); the rest is for a machine that has other things to do. */
const PROMISED_MS = 3000;
/** It travels with the rows; the marks that are stored every second have commits, too. */
const COMMIT_OF_A_FLUSH = 'INSERT INTO messages';
/** Nothing was asked before it. */
const WHOLE_FLUSH = 'BEGIN; INSERT INTO rooms';
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
  afterEach(() => wire.goOn());
  afterAll(async () => {
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

  /** Sends a message whose commit hangs until the writer, after four seconds, has given the connection up. */
  async function sendInDoubt(): Promise<Outcome> {
    wire.hangAt(COMMIT_OF_A_FLUSH);
    const outcome = await send();
    expect(outcome.code).toBe('TIMEOUT');
    await pause(4500);
    return outcome;
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
    // Right behind a flush that was stored, one would be in doubt: it goes to the database as one packet (ADR 0017).
    await pause(100);
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

  it('says TIMEOUT of a flush that was on its way as one packet, and UNAVAILABLE of what came behind', async () => {
    wire.hangAt(WHOLE_FLUSH);
    // Right behind a flush that was stored, the next one is one packet (ADR 0017).
    let underway: Promise<Outcome>;
    do {
      underway = send();
      await Promise.race([underway, wire.untilHanging()]);
    } while (!wire.isHanging);
    const behind = await Promise.all(Array.from({ length: 5 }, () => send()));
    const { id, code, ms } = await underway;
    expect(code).toBe('TIMEOUT');
    expect(ms).toBeLessThan(PROMISED_MS);
    expectRefusedInTime(behind);
    wire.goOn();
    await expect.poll(async () => (await send(sender, id)).code).toBe('duplicate');
    await expectNothingOf(behind);
  });

  it('does not say UNAVAILABLE of what ended in doubt, when it comes again before the database does', async () => {
    const { id } = await sendInDoubt();
    expect((await send(sender, id)).code).toBe('TIMEOUT');
    wire.goOn();
    await expect.poll(async () => (await send(sender, id)).code, { timeout: 5000 }).toMatch(/ack|duplicate/);
  });

  it('says TIMEOUT of a commit that hangs and refuses what waits; a repeat gets the ack when it is through', async () => {
    wire.hangAt(COMMIT_OF_A_FLUSH);
    const committing = send();
    await wire.untilHanging();
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

  it('counts as read what its sender wrote, where he was told TIMEOUT, too', async () => {
    const lost = await sendInDoubt();
    wire.goOn();
    await seen(lost.id);
    const unread = async () => (await ann.call('GET', '/sync')).body.unread as number;
    await expect.poll(unread, { timeout: 5000 }).toBe(0);
  });

  it('shows, in order, what a commit stored whose answer was never seen', async () => {
    const lost = await sendInDoubt();
    wire.goOn();
    const next = await send();
    await Promise.all([seen(lost.id), seen(next.id)]);
    const revs = watcher.durable(roomId).map((frame) => frame.rev ?? 0);
    expect(revs.every((rev, i) => i === 0 || rev === revs[i - 1] + 1)).toBe(true);
    await expect.poll(async () => (await send(sender, lost.id)).code).toBe('duplicate');
  });
});
