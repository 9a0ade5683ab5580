import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/engine.js';
import { ServerProcess, serverEnv } from '../support/server.js';
import { TestSocket } from '../support/socket.js';
import { readStore } from '../faults/store.js';
import { newUlid } from '../support/world.js';

describe('the process', () => {
  let env: Record<string, string>;
  let database: TestDatabase;
  const running: ServerProcess[] = [];
  beforeEach(async () => {
    ({ env, database } = await serverEnv());
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.end();
    await database.drop();
  });

  async function start(more: Record<string, string> = {}) {
    const server = ServerProcess.spawn({ ...env, ...more });
    running.push(server);
    const url = await server.address();
    return { server, url };
  }

  async function call(
    url: string,
    method: string,
    path: string,
    options: { token?: string; body?: unknown } = {},
  ): Promise<any> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${options.token ?? ''}` },
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
    return response.json();
  }

  const enter = (url: string) => call(url, 'POST', '/auth/guest', { body: {} });

  async function connect(url: string, token: string, start_: object = {}): Promise<TestSocket> {
    const socket = await TestSocket.open(`${url.replace('http', 'ws')}/ws`);
    await socket.call('session.start', { token, ...start_ });
    return socket;
  }

  it(
    'says goodbye to everybody at SIGTERM, loses nothing it acked, and ends in time',
    { timeout: 120_000 },
    async () => {
      const { server, url } = await start();
      const people = await Promise.all(Array.from({ length: 8 }, () => enter(url)));
      const ids = people.slice(1).map((person) => person.user.id);
      const room = await call(url, 'POST', '/rooms', {
        token: people[0].accessToken,
        body: { name: 'Room', visibility: 'private', memberIds: ids },
      });
      const sockets = await Promise.all(people.map((person) => connect(url, person.accessToken)));
      const acked: string[] = [];
      const talking = sockets.map((socket) => talk(socket, room.id, acked));
      await sockets[0].until(() => acked.length > 200, '200 acks');
      const before = Date.now();
      server.signal('SIGTERM');
      server.signal('SIGTERM');
      for (const socket of sockets) {
        expect(await socket.closing()).toMatchObject({ code: 4000 });
        expect(socket.of('goodbye')).toMatchObject([{ data: { code: 4000, reconnect: true } }]);
      }
      expect(await server.exit()).toBe(0);
      expect(Date.now() - before).toBeLessThan(6000 + 1000);
      await Promise.all(talking);
      const again = await start();
      const stored = await textIds(again.url, people[0].accessToken, room.id);
      expect(acked.filter((id) => !stored.has(id))).toEqual([]);
    },
  );

  it('loses nothing it acked when it is killed, and stores nothing twice', { timeout: 120_000 }, async () => {
    const { server, url } = await start();
    const ann = await enter(url);
    const room = await call(url, 'POST', '/rooms', {
      token: ann.accessToken,
      body: { name: 'Room', visibility: 'private' },
    });
    const socket = await connect(url, ann.accessToken);
    const acked: string[] = [];
    const talking = talk(socket, room.id, acked);
    await socket.until(() => acked.length > 100, '100 acks');
    server.signal('SIGKILL');
    await talking;
    const { url: next } = await start();
    const repeat = await connect(next, ann.accessToken);
    for (const id of acked.slice(-20)) {
      const answer = await repeat.call('message.send', { roomId: room.id, id, text: 'x' });
      expect(answer.data.duplicate).toBe(true);
    }
    const stored = await textIds(next, ann.accessToken, room.id);
    expect(acked.filter((id) => !stored.has(id))).toEqual([]);
    const room2 = await call(next, 'GET', `/rooms/${room.id}`, { token: ann.accessToken });
    expect(room2.headSeq).toBe(stored.size);
  });

  it('stores who has read his own message before it listens again, and not a second later', async () => {
    const { server, url } = await start();
    const ann = await enter(url);
    const body = { name: 'Room', visibility: 'private' };
    const room = await call(url, 'POST', '/rooms', { token: ann.accessToken, body });
    const message = { id: newUlid(), text: 'x' };
    await call(url, 'POST', `/rooms/${room.id}/messages`, { token: ann.accessToken, body: message });
    server.signal('SIGKILL');
    await server.exit();
    const { server: next } = await start();
    next.signal('SIGKILL');
    await next.exit();
    expect((await readStore(database.url)).members).toEqual([{ roomId: room.id, userId: ann.user.id, readSeq: 1 }]);
  });

  it('lists every fault of the configuration and ends with 1', async () => {
    const server = ServerProcess.spawn({
      ...env,
      PORT: 'x',
      LIMIT_PAGE: '0',
      DATABASE_URL: 'oracle://x',
      NODE_ENV: 'production',
    });
    running.push(server);
    expect(await server.exit()).toBe(1);
    for (const name of ['PORT', 'LIMIT_PAGE', 'DATABASE_URL', 'AUTH_SECRET', 'LIMITS'])
      expect(server.output).toContain(name);
    expect(server.output).not.toContain('    at ');
  });

  it('ends at once at the third signal', async () => {
    const { server } = await start();
    for (let i = 0; i < 3; i++) server.signal('SIGINT');
    expect(await server.exit()).toBeOneOf([1, 0]);
  });

  async function talk(socket: TestSocket, roomId: string, acked: string[]): Promise<void> {
    while (!socket.closed) {
      const id = newUlid();
      const command = socket.send('message.send', { roomId, id, text: 'x' });
      const answer = await socket.until(
        () => socket.closed ?? socket.frames.find((frame) => frame.id === command),
        'an answer',
      );
      if ('event' in answer && answer.event === 'ack') acked.push(id);
    }
  }

  async function textIds(url: string, token: string, roomId: string): Promise<Set<string>> {
    const ids = new Set<string>();
    for (let query = 'after=0&limit=100'; query;) {
      const page = await call(url, 'GET', `/rooms/${roomId}/messages?${query}`, { token });
      for (const item of page.items) {
        if (item.kind !== 'text') continue;
        expect(ids.has(item.id)).toBe(false);
        ids.add(item.id);
      }
      query = page.next ? `cursor=${page.next}&limit=100` : '';
    }
    return ids;
  }
});
