import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PresencesView, TokensView } from '../../src/protocol/views.js';
import { DatabaseWire } from '../support/database-wire.js';
import { ServerProcess } from '../support/server.js';
import { TestSocket } from '../support/socket.js';
import { Random } from './random.js';
import { isFull } from './size.js';

/** The promised times, or shorter ones that stand to each other in the same way. */
const TIMES = isFull
  ? { graceMs: 15_000, silenceMs: 60_000, heartbeatMs: 25_000 }
  : { graceMs: 3000, silenceMs: 6000, heartbeatMs: 2500 };
const TELL_MS = 1000;
/** How much later than its time something may be told. A sample shares its machine with others, and is not about speed. */
const LATE_MS = isFull ? 2000 : 20_000;
/** When somebody comes back: as late as is promised not to show, or early enough for a busy machine. */
const BACK_MS = isFull ? 10_000 : 1000;
const WATCHED = isFull ? 500 : 100;
const DEVICES = 10;
/** Each time half of all come or go, with all their devices. */
const ROUNDS = 3;
const AT_ONCE = 16;
const LOOKUP = 100;

describe('presence', () => {
  let folder: string;
  let server: ServerProcess;
  let url: string;
  const sockets: TestSocket[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-presence-'));
    server = ServerProcess.spawn({
      DATABASE_URL: `sqlite:${join(folder, 'parley.db')}`,
      DATA_DIR: folder,
      PORT: '0',
      LIMITS: 'off',
      LOG_LEVEL: 'error',
      LIMIT_CONNECTIONS_PER_ADDRESS: '10000',
      LIMIT_CONNECTIONS_PER_USER: String(2 * DEVICES),
      LIMIT_PRESENCE_GRACE_MS: String(TIMES.graceMs),
      LIMIT_SILENCE_MS: String(TIMES.silenceMs),
      LIMIT_HEARTBEAT_MS: String(TIMES.heartbeatMs),
    });
    url = await server.address();
  });
  afterEach(async () => {
    for (const { ws } of sockets.splice(0)) ws.terminate();
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function guest(): Promise<TokensView> {
    return (await (await fetch(`${url}/api/v1/auth/guest`, { method: 'POST' })).json()) as TokensView;
  }

  async function start({ accessToken: token }: TokensView, more: object = {}, to = url): Promise<TestSocket> {
    const socket = await TestSocket.open(`${to.replace('http', 'ws')}/ws`);
    sockets.push(socket);
    await socket.call('session.start', { token, ...more });
    await socket.next('session.caughtUp');
    return socket;
  }

  /** What the watcher was told of a user, in order. */
  const told = (watcher: TestSocket, id: string) =>
    watcher
      .of('presence')
      .flatMap(({ data }) => (data as PresencesView).items.filter(({ userId }) => userId === id))
      .map(({ state }) => state);

  it('of who leaves, vanishes or comes back is told as promised', async () => {
    const [ann, leaver, vanished, back] = await Promise.all([guest(), guest(), guest(), guest()]);
    const ids = [leaver, vanished, back].map(({ user }) => user.id);
    const cable = new DatabaseWire(url);
    await cable.mend();
    const leaving = await start(leaver);
    await start(vanished, {}, cable.url.replace(/\/$/, ''));
    const lost = await start(back);
    const watcher = await start(ann, { watch: ids });
    await watcher.until(() => ids.every((id) => told(watcher, id).length > 0), 'the snapshot');
    const begun = Date.now();
    const goneAfter: (number | null)[] = [null, null];
    leaving.ws.close();
    cable.hang();
    lost.ws.terminate();
    await pause(BACK_MS);
    await start(back);
    while (goneAfter.includes(null) && Date.now() - begun < TIMES.silenceMs + TIMES.graceMs + LATE_MS) {
      await pause(50);
      for (const i of [0, 1]) if (told(watcher, ids[i]).at(-1) === 'offline') goneAfter[i] ??= Date.now() - begun;
      // The watcher listens on and shows that it lives.
      watcher.send('ping');
    }
    expect(goneAfter).not.toContain(null);
    const [left, gone] = goneAfter.map(Number);
    expect(left).toBeGreaterThanOrEqual(TIMES.graceMs);
    expect(left).toBeLessThan(TIMES.graceMs + LATE_MS);
    // It has had its grace while it was silent.
    expect(gone).toBeLessThan(TIMES.silenceMs + TELL_MS + LATE_MS);
    expect(told(watcher, ids[2])).toEqual(['online']);
    await cable.cut();
    process.stdout.write(`presence: offline after ${left} ms (left) and ${gone} ms (vanished), never (came back)\n`);
  });

  it(`of ${WATCHED * DEVICES} sessions that come and go costs a watcher a frame a second, and ends in the truth`, async () => {
    const random = new Random(11);
    const people: TokensView[] = [];
    while (people.length < WATCHED) people.push(...(await Promise.all(Array.from({ length: 4 }, guest))));
    const homes = people.map((tokens) => ({ tokens, devices: [] as TestSocket[] }));
    const watcher = await start(await guest(), { watch: people.map(({ user }) => user.id) });
    const begun = Date.now();
    const move = async (home: (typeof homes)[number]) => {
      if (home.devices.length === 0) {
        for (let i = 0; i < DEVICES; i++) home.devices.push(await start(home.tokens));
        return;
      }
      for (const { ws } of home.devices.splice(0)) {
        if (random.chance(0.5)) ws.terminate();
        else ws.close();
      }
    };
    for (let round = 0; round < ROUNDS; round++) {
      const moving = homes.filter(() => round === 0 || random.chance(0.5));
      const movers = async () => {
        for (let home = moving.pop(); home; home = moving.pop()) await move(home);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, movers));
      await pause(TIMES.graceMs + 2 * TELL_MS);
    }
    const seconds = (Date.now() - begun) / TELL_MS;
    const frames = watcher.of('presence').length;
    expect(frames).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    expect(frames).toBeGreaterThan(ROUNDS);
    const { accessToken } = people[0];
    for (let i = 0; i < people.length; i += LOOKUP) {
      const ids = people.slice(i, i + LOOKUP).map(({ user }) => user.id);
      const answer = await fetch(`${url}/api/v1/presence?userIds=${ids.join()}`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      const { items } = (await answer.json()) as PresencesView;
      const isHere = new Set(homes.filter(({ devices }) => devices.length > 0).map(({ tokens }) => tokens.user.id));
      expect(items.map(({ userId, state }) => [userId, state])).toEqual(
        ids.map((id) => [id, isHere.has(id) ? 'online' : 'offline']),
      );
      for (const { userId, state } of items) expect([userId, told(watcher, userId).at(-1)]).toEqual([userId, state]);
    }
    process.stdout.write(`presence: ${WATCHED * DEVICES} sessions, ${frames} frames in ${Math.round(seconds)} s\n`);
  });
});
