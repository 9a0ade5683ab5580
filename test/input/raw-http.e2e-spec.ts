import type { Server } from 'node:http';
import { type Socket, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { World } from '../support/world.js';
import { CANARY } from './fields.js';
import { HTTP_KINDS } from './kinds.js';
import { LogWatch } from './log-watch.js';
import { WHOLE, type WholeKind } from './raw-http.js';

let world: World;
/** Below the time of a slow head, which would be an answer of its own. */
const PATIENCE_MS = 8000;
const log = new LogWatch();
const WHOLE_CASES = Object.entries(WHOLE).map(([name, requests]) => {
  const kind = HTTP_KINDS[name as WholeKind];
  return { name, requests, ...kind };
});

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world?.stop());
beforeEach(() => log.start());
afterEach(() => vi.restoreAllMocks());

const server = (): Server => world.app.app.getHttpServer() as Server;

function open(halfOpen = false): Socket {
  const { hostname, port } = new URL(world.app.url);
  return connect({ port: Number(port), host: hostname, allowHalfOpen: halfOpen });
}

/** Reads until the server has ended its side. */
const answerOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('end', () => resolve(answer));
    socket.on('close', () => resolve(answer));
    // What comes after an early answer meets a closed door.
    socket.on('error', () => undefined);
  });

async function exchange(bytes: string): Promise<string> {
  const socket = open();
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('nothing came')));
  socket.write(bytes, 'latin1');
  let hung = false;
  socket.on('timeout', () => (hung = true));
  const answer = await answerOf(socket);
  return hung ? `left open ${answer}` : answer;
}

/** Status and code of the one answer. */
function inShort(answer: string): string {
  if (answer === '') return 'closed';
  if (!answer.startsWith('HTTP')) return answer;
  if (answer.split('HTTP/1.1 ').length > 2) return `more than one answer: ${answer}`;
  const [head, body] = answer.split('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? answer;
  const code = /"code":"(\w+)"/.exec(body)?.[1];
  return code ? `${status} ${code}` : status;
}

const connections = (): Promise<number> =>
  new Promise((resolve) => server().getConnections((_, count) => resolve(count)));

async function expectUp(): Promise<void> {
  const response = await fetch(`${world.app.url}/livez`, { headers: { connection: 'close' } });
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
}

describe('bytes in the place of a request', () => {
  it.each(WHOLE_CASES)('$name: $sentence', async ({ requests, answer }) => {
    const faults: string[] = [];
    for (const bytes of requests) {
      const got = await exchange(bytes);
      if (inShort(got) !== answer) faults.push(`${bytes.slice(0, 300)} is ${inShort(got)}`);
      if (got.includes(CANARY)) faults.push(`${bytes.slice(0, 300)} is repeated`);
      if (answer.startsWith('405') && !/^allow: [A-Z, ]+\r$/im.test(got)) faults.push('does not say what is allowed');
    }
    expect(faults.join('\n')).toBe('');
    expect(log.text).not.toContain(CANARY);
    await expectUp();
  });

  it('are not taken for a second request behind one that was refused', async () => {
    const second = 'GET /api/v1/config HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    for (const [first] of [WHOLE.lengthTwice, WHOLE.badChunks, WHOLE.badLength, WHOLE.badCoding]) {
      const got = await exchange(first.replace('Connection: close\r\n', '') + second);
      expect(inShort(got)).toBe('400 BAD_REQUEST');
    }
  });
});

describe('a slow request', () => {
  /** Writes a byte at a time until the server has had enough; the milliseconds that took, and its answer. */
  async function drip(start: string): Promise<{ ms: number; answer: string }> {
    const before = Date.now();
    const socket = open();
    if (start) socket.write(start);
    const timer = setInterval(() => start && socket.writable && socket.write('a'), 100);
    const answer = await answerOf(socket);
    clearInterval(timer);
    socket.destroy();
    return { ms: Date.now() - before, answer: inShort(answer) };
  }

  it('has 10 seconds for its head and 30 in all, looked at once a second', () => {
    const times = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 };
    expect(server()).toMatchObject(times);
  });

  it('slowHead, slowBody: ends soon after its time, wherever it is', async () => {
    Object.assign(server(), { headersTimeout: 1500, requestTimeout: 2500 });
    const head = 'POST /api/v1/auth/guest HTTP/1.1\r\nHost: a\r\n';
    const body = `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"`;
    const chunks = `${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n{"`;
    const heads = await Promise.all(['', 'GET /', `${head}X: `].map(drip));
    const bodies = await Promise.all([body, chunks].map(drip));
    Object.assign(server(), { headersTimeout: 10_000, requestTimeout: 30_000 });
    expect([...heads, ...bodies].map(({ answer }) => answer)).toEqual([
      ...heads.map(() => HTTP_KINDS.slowHead.answer),
      ...bodies.map(() => HTTP_KINDS.slowBody.answer),
    ]);
    for (const { ms } of heads) expect(ms).toBeGreaterThanOrEqual(1400);
    for (const { ms } of heads) expect(ms).toBeLessThan(3500);
    for (const { ms } of bodies) expect(ms).toBeGreaterThanOrEqual(2400);
    for (const { ms } of bodies) expect(ms).toBeLessThan(4500);
  });
});

describe('a connection that goes away, or does not', () => {
  it('half: in the middle of a head or a body, or before its answer, leaves nothing behind', async () => {
    const halves = [
      'GET /api/v1/conf',
      'POST /api/v1/auth/guest HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a',
      'POST /api/v1/auth/guest HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"',
      'GET /api/v1/config HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ];
    for (const bytes of halves) {
      for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
        const socket = open();
        socket.on('error', () => undefined).resume();
        await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
        socket[leave]();
      }
    }
    await vi.waitFor(async () => expect(await connections()).toBe(0), 10_000);
    await expectUp();
  });

  it('refusedAndStays: after a refusal is cut, though it keeps its own side open', async () => {
    const refused = [WHOLE.noHttp[0], WHOLE.otherUpgrade[0], WHOLE.foreignOrigin[0], WHOLE.badUpgrade[0]];
    const sockets = refused.map((bytes) => {
      const socket = open(true);
      socket.write(bytes);
      return socket;
    });
    const answers = await Promise.all(sockets.map(answerOf));
    expect(answers.map((answer) => inShort(answer).slice(0, 3))).toEqual(['400', '404', '403', '400']);
    await vi.waitFor(async () => expect(await connections()).toBe(0), 10_000);
    for (const socket of sockets) socket.destroy();
  });
});
