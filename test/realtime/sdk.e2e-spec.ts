import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ParleyClient } from '../../sdk/client.js';
import type { ClientOptions } from '../../sdk/client-types.js';
import type { RoomState } from '../../sdk/room-state.js';
import type { SocketClass } from '../../sdk/socket.js';
import { memoryStore } from '../../sdk/tokens.js';
import type { TestDatabase } from '../support/engine.js';
import { ServerProcess, serverEnv } from '../support/server.js';
import { newUlid } from '../support/world.js';

const WAIT_MS = 20_000;
const webSocket = WebSocket as unknown as SocketClass;

async function until(isTrue: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 10) {
    if (waited > WAIT_MS) throw new Error(`${what} did not come`);
    await pause(10);
  }
}

describe('the SDK against a real server', () => {
  let env: Record<string, string>;
  let database: TestDatabase;
  let server: ServerProcess;
  let url: string;
  const clients: ParleyClient[] = [];

  beforeAll(async () => {
    ({ env, database } = await serverEnv());
    server = ServerProcess.spawn(env);
    url = await server.address();
    env.PORT = new URL(url).port;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await server.end();
    await database.drop();
  });

  async function enter(name: string, options: Partial<ClientOptions> = {}): Promise<ParleyClient> {
    const client = new ParleyClient({ url, webSocket, ...options });
    clients.push(client);
    if (!client.hasLogin) await client.rest.guest(name);
    await client.connect();
    return client;
  }

  /** A public room that all of them are in, as each of them has it. */
  async function meet(all: readonly ParleyClient[]): Promise<string> {
    const [owner, ...others] = all;
    const { id } = await owner!.rest.createRoom({ name: 'Garden', visibility: 'public' });
    for (const other of others) await other.rest.join(id);
    await until(() => all.every((client) => client.rooms.has(id)), 'the room');
    return id;
  }

  /** What the server has, by pages of history from the newest to the oldest. */
  async function historyOf(client: ParleyClient, roomId: string) {
    const items = [];
    for (let before: number | undefined; ; before = items[0]?.rev) {
      const page = await client.rest.messages(roomId, { before, limit: 100 });
      items.unshift(...page.items);
      if (page.prev === null) return items;
    }
  }

  async function loadAll(client: ParleyClient, roomId: string): Promise<RoomState> {
    while (await client.loadOlder(roomId, 100));
    return client.rooms.get(roomId)!;
  }

  it(
    'delivers everything once and in order while the server is killed again and again',
    { timeout: 60_000 },
    async () => {
      const all = [await enter('Ann'), await enter('Ben'), await enter('Cat')];
      const roomId = await meet(all);
      const told = all.map((client) => {
        const texts: string[] = [];
        client.on('message', ({ message }) => message.text !== null && texts.push(message.text));
        return texts;
      });
      const acked: Promise<unknown>[] = [];
      const talking = all.map(async (client, at) => {
        for (let i = 0; i < 80; i++) {
          acked.push(client.send(roomId, `${at}: ${i}`).acked);
          await pause(25);
        }
      });
      for (let kills = 0; kills < 2; kills++) {
        await pause(500);
        server.signal('SIGKILL');
        await server.exit();
        server = ServerProcess.spawn(env);
        await server.address();
      }
      await Promise.all(talking);
      await Promise.all(acked);
      const history = await historyOf(all[0]!, roomId);
      const texts = history.flatMap(({ text }) => (text === null ? [] : [text]));
      expect(texts).toHaveLength(240);
      for (const at of all.keys()) {
        const own = Array.from({ length: 80 }, (_, i) => `${at}: ${i}`);
        expect(texts.filter((text) => text.startsWith(`${at}:`))).toEqual(own);
      }
      const headRev = history.at(-1)!.rev;
      await until(() => all.every((client) => client.rooms.get(roomId)!.lastRev === headRev), 'the head');
      for (const [at, client] of all.entries()) {
        expect((await loadAll(client, roomId)).messages).toEqual(history);
        expect(told[at]).toEqual(texts);
      }
    },
  );

  it.each([1, 499, 501])(
    'catches up after %i messages and a change of members',
    { timeout: 60_000 },
    async (missed) => {
      const login = memoryStore();
      const [ann, ben, cat] = [await enter('Ann'), await enter('Ben', { login }), await enter('Cat')];
      const roomId = await meet([ann, ben]);
      await until(() => ben.rooms.get(roomId)!.lastRev === ann.rooms.get(roomId)!.lastRev, 'the start');
      const cursor = ben.cursor()!;
      ben.close();
      for (let sent = 0; sent < missed - 1; sent += 30) {
        const burst = Array.from({ length: Math.min(30, missed - 1 - sent) }, (_, i) => `m${sent + i}`);
        await Promise.all(burst.map((text) => ann.command('message.send', { roomId, id: newUlid(), text })));
      }
      await cat.rest.join(roomId);
      const history = await historyOf(ann, roomId);
      let resets = 0;
      ben.on('reset', () => resets++);
      await ben.connect();
      await until(() => ben.rooms.get(roomId)!.lastRev === history.at(-1)!.rev, 'the head');
      expect(resets).toBe(missed > 500 ? 1 : 0);
      expect((await loadAll(ben, roomId)).messages).toEqual(history);
      expect(ben.rooms.get(roomId)!.unread).toBe(missed - 1);
      // Another process with the same login goes on from where this one was.
      ben.close();
      const later = await enter('', { login, cursor });
      await until(() => later.rooms.get(roomId)!.lastRev === history.at(-1)!.rev, 'the head');
      expect((await loadAll(later, roomId)).messages).toEqual(history);
    },
  );

  it('is out of a room at once, on every device, and back in it with what came meanwhile', async () => {
    const [ann, ben] = [await enter('Ann'), await enter('Ben')];
    const roomId = await meet([ann, ben]);
    const reasons: string[] = [];
    ben.on('gone', ({ reason }) => reasons.push(reason));
    await ann.rest.removeMember(roomId, ben.user!.id);
    await until(() => !ben.rooms.has(roomId), 'the end');
    expect(reasons).toEqual(['removed']);
    await ann.send(roomId, 'without Ben').acked;
    await expect(ben.send(roomId, 'am I there?').acked).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await ben.rest.join(roomId);
    await until(() => ben.rooms.has(roomId), 'the room');
    await ben.send(roomId, 'back').acked;
    await until(() => ann.rooms.get(roomId)!.messages.at(-1)?.text === 'back', 'the message');
    expect((await loadAll(ben, roomId)).messages).toEqual(await historyOf(ben, roomId));
  });

  it('shares read marks between two devices of one user', async () => {
    const ann = await enter('Ann');
    const registered = new ParleyClient({ url, webSocket });
    clients.push(registered);
    await registered.rest.register({ username: 'benjamin', password: 'a fine long password' });
    await registered.connect();
    const roomId = await meet([ann, registered]);
    const tablet = new ParleyClient({ url, webSocket });
    clients.push(tablet);
    await tablet.rest.login('benjamin', 'a fine long password');
    await tablet.connect();
    for (const text of ['a', 'b', 'c']) await ann.send(roomId, text).acked;
    for (const device of [tablet, registered]) await until(() => device.rooms.get(roomId)!.unread === 3, 'the counter');
    registered.read(roomId);
    await until(() => tablet.rooms.get(roomId)!.unread === 0, 'the mark');
    await tablet.send(roomId, 'd').acked;
    await until(() => registered.rooms.get(roomId)!.headSeq === 4, 'the message');
    expect(registered.rooms.get(roomId)!.unread).toBe(0);
  });

  it('signs out, and is told when its login ends elsewhere', async () => {
    const account = { username: 'catherine', password: 'a fine long password' };
    const client = new ParleyClient({ url, webSocket });
    clients.push(client);
    await client.rest.register(account);
    await client.connect();
    const ended: string[] = [];
    client.on('signedOut', ({ code }) => ended.push(code));
    const headers = { 'content-type': 'application/json' };
    const login = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body: JSON.stringify(account) });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const others = { method: 'DELETE', headers: { authorization: `Bearer ${accessToken}` } };
    expect((await fetch(`${url}/api/v1/auth/sessions`, others)).status).toBe(204);
    await until(() => ended.length > 0, 'the end');
    expect([ended, client.hasLogin, client.rooms.size]).toEqual([['UNAUTHORIZED'], false, 0]);
    await client.rest.login(account.username, account.password);
    await client.connect();
    await client.signOut();
    expect([client.hasLogin, client.user]).toEqual([false, null]);
  });
});
