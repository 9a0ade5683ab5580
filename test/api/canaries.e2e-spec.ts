import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../../src/common/clock.js';
import type { SessionView } from '../../src/protocol/views.js';
import { SchemaCheck } from '../support/schemas.js';
import { type Actor, World, newUlid } from '../support/world.js';

/** What stands in every part of a request here, and may come back in none. */
const CANARY = 'cAnArY7f3k';
const LEVELS = ['error', 'warn', 'log', 'debug', 'verbose', 'fatal'] as const;

let world: World;
let ann: Actor;
let problems: SchemaCheck;
let logged: unknown[];

beforeAll(async () => {
  world = await World.create({ LIMIT_BODY_BYTES: '4096' });
  ann = await world.account('ann');
  problems = new SchemaCheck((await world.call('GET', `${world.app.url}/api/openapi.json`)).body);
});

beforeEach(() => {
  logged = [];
  const written = (...entry: unknown[]) => void logged.push(entry);
  for (const level of LEVELS) vi.spyOn(Logger.prototype, level).mockImplementation(written);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => void logged.push(String(text)) as never);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => void logged.push(String(text)) as never);
});

afterAll(() => world?.stop());
afterEach(() => vi.restoreAllMocks());

interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function ask({ method = 'GET', path, body, headers }: Ask): Promise<Response> {
  const own = {
    'user-agent': CANARY,
    referer: `https://${CANARY}.example/`,
    cookie: `a=${CANARY}`,
    'x-forwarded-for': CANARY,
    [`x-${CANARY}`]: CANARY,
    authorization: `Bearer ${ann.token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  return fetch(world.app.url + path, { method, body, headers: { ...own, ...headers } });
}

const V1 = '/api/v1';
const GUEST = { method: 'POST', path: `${V1}/auth/guest` };
const text = (value: unknown) => JSON.stringify(value);

const REFUSED: [string, number, () => Ask][] = [
  ['an unknown address', 404, () => ({ path: `/${CANARY}` })],
  ['an unknown address of the API, with a query', 404, () => ({ path: `${V1}/${CANARY}?${CANARY}=${CANARY}` })],
  ['an address that cannot be decoded', 400, () => ({ path: `${V1}/users/%zz${CANARY}` })],
  ['an id that is none', 422, () => ({ path: `${V1}/users/${CANARY}` })],
  ['an id that is too long', 404, () => ({ path: `${V1}/users/${CANARY.repeat(30)}` })],
  ['a wrong method', 405, () => ({ method: 'DELETE', path: `${V1}/config?${CANARY}` })],
  ['an unknown name in a query', 422, () => ({ path: `${V1}/users?query=a&${CANARY}=1` })],
  ['a bad value in a query', 422, () => ({ path: `${V1}/users?query=a&limit=${CANARY}` })],
  ['a bad cursor', 422, () => ({ path: `${V1}/users?query=a&cursor=${CANARY}` })],
  ['a bad token', 401, () => ({ path: `${V1}/users/me`, headers: { authorization: `Bearer ${CANARY}` } })],
  ['broken JSON', 400, () => ({ ...GUEST, body: `{"${CANARY}` })],
  ['an unknown field', 422, () => ({ ...GUEST, body: text({ [CANARY]: CANARY }) })],
  [
    'an unknown field in a field',
    422,
    () => ({
      method: 'PATCH',
      path: `${V1}/users/me`,
      body: text({ status: { [CANARY]: CANARY } }),
    }),
  ],
  ['a value of a wrong type', 422, () => ({ ...GUEST, body: text({ displayName: [CANARY] }) })],
  ['a value that is too long', 422, () => ({ ...GUEST, body: text({ displayName: CANARY.repeat(20) }) })],
  ['a body that is too large', 413, () => ({ ...GUEST, body: text({ displayName: CANARY.repeat(500) }) })],
  ['another content type', 415, () => ({ ...GUEST, body: CANARY, headers: { 'content-type': `text/${CANARY}` } })],
  [
    'a taken name',
    409,
    () => ({
      method: 'POST',
      path: `${V1}/auth/register`,
      body: text({ username: 'ann', password: `${CANARY} and more` }),
    }),
  ],
  [
    'a name that is none',
    422,
    () => ({
      method: 'POST',
      path: `${V1}/auth/register`,
      body: text({ username: `.${CANARY}`, password: CANARY }),
    }),
  ],
  [
    'a wrong password',
    401,
    () => ({
      method: 'POST',
      path: `${V1}/auth/login`,
      body: text({ username: CANARY, password: CANARY }),
    }),
  ],
  [
    'a wrong refresh token',
    401,
    () => ({
      method: 'POST',
      path: `${V1}/auth/refresh`,
      body: text({ refreshToken: CANARY }),
    }),
  ],
  [
    'a bad idempotency key',
    422,
    () => ({
      method: 'POST',
      path: `${V1}/rooms`,
      body: text({ name: CANARY, visibility: 'public' }),
      headers: { 'idempotency-key': `${CANARY} ${CANARY}` },
    }),
  ],
  [
    'a room that is not there',
    404,
    () => ({
      method: 'POST',
      path: `${V1}/rooms/${newUlid()}/messages`,
      body: text({ id: newUlid(), text: CANARY }),
    }),
  ],
];

describe('a refusal repeats nothing of the request, and neither does the log', () => {
  it.each(REFUSED)('for %s', async (_, status, make) => {
    const response = await ask(make());
    const body = await response.text();
    expect([response.status, body]).toEqual([status, expect.not.stringContaining(CANARY)]);
    expect(text([...response.headers])).not.toContain(CANARY);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = JSON.parse(body) as { traceId: string };
    expect(problems.faultsOf({ $ref: '#/components/schemas/Problem' }, problem)).toEqual([]);
    expect(problem.traceId).toBe(response.headers.get('x-request-id'));
    expect(text(logged)).not.toContain(CANARY);
  });

  it('for a fault of our own, whose details are in the log alone, under the same id', async () => {
    vi.spyOn(world.app.get(Clock), 'now').mockImplementation(() => {
      throw new Error('a fault inside');
    });
    const path = `${V1}/users?query=${CANARY}&limit=3`;
    const response = await ask({ path, headers: { 'x-request-id': 'a-trace' } });
    const body = (await response.json()) as object;
    expect(response.status).toBe(500);
    expect(body).toMatchObject({ code: 'INTERNAL', traceId: 'a-trace' });
    expect(text(body)).not.toMatch(/fault inside|\.ts|at /);
    expect(text(logged)).toContain('a fault inside');
    expect(text(logged)).toContain('a-trace');
    expect(text(logged)).not.toContain(CANARY);
  });
});

describe('what succeeds is not in the log either', () => {
  it('but for its route, status and id', async () => {
    const room = await ann.call('POST', '/rooms', { name: CANARY, visibility: 'public' });
    expect(room.status).toBe(201);
    const body = text({ id: newUlid(), text: CANARY });
    const headers = { 'x-request-id': 'my-request' };
    const sent = await ask({ method: 'POST', path: `${V1}/rooms/${room.body.id}/messages`, body, headers });
    expect(sent.status).toBe(201);
    const socket = await ann.connect({ device: CANARY });
    expect((await socket.call('message.send', { roomId: room.body.id, id: newUlid(), text: CANARY })).event).toBe(
      'ack',
    );
    await socket.close();
    await world.call('POST', '/auth/login', { body: { username: 'ann', password: 'a fine long password' } });
    const lines = text(logged);
    expect(lines).toContain('my-request');
    expect(lines).toContain('/api/v1/rooms/:id/messages');
    expect(lines).not.toContain(CANARY);
    expect(lines).not.toContain(room.body.id);
    expect(lines).not.toContain('a fine long password');
    expect(lines).not.toContain(ann.token);
  });
});

describe('rates of requests', () => {
  let limited: World;
  const now = 1_800_000_000_000;

  beforeEach(async () => {
    limited = await World.create({
      LIMITS: 'on',
      LIMIT_REQUESTS_BURST: '3',
      LIMIT_REQUESTS_PER_SECOND: '1',
      TRUST_PROXY: 'on',
    });
    vi.spyOn(limited.app.get(Clock), 'now').mockImplementation(() => now);
  });
  afterEach(() => limited.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const config = (address: string) => limited.call('GET', '/config', { headers: from(address) });

  it('are told on every answer, and one too many is refused with the time to wait', async () => {
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await config('10.0.0.1'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      '"default";r=2;t=1',
      '"default";r=1;t=2',
      '"default";r=0;t=3',
      '"default";r=0;t=3',
    ]);
    for (const { headers } of answers) expect(headers.get('ratelimit-policy')).toBe('"default";q=3;w=3');
    expect(answers[3].headers.get('retry-after')).toBe('1');
    expect(answers[3].body).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1000 });
  });

  it('are counted by address before sign-in, and by user behind it, wherever he is', async () => {
    for (let i = 0; i < 3; i++) await config('10.0.0.1');
    expect((await config('10.0.0.1')).status).toBe(429);
    expect((await config('10.0.0.2')).status).toBe(200);
    const { body } = await limited.call('POST', '/auth/guest', { body: {}, headers: from('10.0.0.3') });
    const statuses = [];
    for (let i = 0; i < 4; i++) {
      const options = { token: body.accessToken as string, headers: from(`10.0.1.${i}`) };
      statuses.push((await limited.call('GET', '/users/me', options)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('do not hold for balancers that ask how the server is', async () => {
    for (let i = 0; i < 10; i++) {
      for (const path of ['/livez', '/readyz']) {
        expect((await limited.call('GET', limited.app.url + path, { headers: from('10.0.0.1') })).status).toBe(200);
      }
    }
  });
});

describe('the address of a client', () => {
  const addressIn = async (env: Record<string, string>, told = '203.0.113.7') => {
    const other = await World.create(env);
    const headers = { 'x-forwarded-for': told, 'user-agent': 'x'.repeat(8000) };
    const { body } = await other.call('POST', '/auth/guest', { body: {}, headers });
    const sessions = await other.call('GET', '/auth/sessions', { token: body.accessToken as string });
    await other.stop();
    return (sessions.body.items as SessionView[])[0].address;
  };

  it('is what a proxy says only where proxies are trusted', async () => {
    expect(await addressIn({})).toBe('127.0.0.1');
    expect(await addressIn({ TRUST_PROXY: 'on' })).toBe('203.0.113.7');
    expect(await addressIn({ TRUST_PROXY: '10.1.2.3' })).toBe('127.0.0.1');
    expect(await addressIn({ TRUST_PROXY: '127.0.0.0/8, 10.1.2.3' })).toBe('203.0.113.7');
  });

  it('is the proxy’s own where that says no address', async () => {
    for (const told of ['unknown', CANARY.repeat(500)]) {
      expect(await addressIn({ TRUST_PROXY: 'on' }, told)).toBe('127.0.0.1');
    }
    expect(await addressIn({ TRUST_PROXY: 'on' }, '203.0.113.7:4711')).toBe('203.0.113.7');
  });
});

describe('ETag of rooms and users', () => {
  it('saves an answer until something changes, also a counter', async () => {
    const bob = await world.user('Bob');
    const room = await world.room([ann, bob]);
    for (const path of [`/users/${bob.id}`, `/rooms/${room.id}`]) {
      const etag = (await ann.call('GET', path)).headers.get('etag') ?? '';
      const again = await ann.call('GET', path, undefined, { 'if-none-match': etag });
      expect([path, again.status, again.body]).toEqual([path, 304, null]);
      expect(again.headers.get('etag')).toBe(etag);
      if (path.startsWith('/users')) await bob.call('PATCH', '/users/me', { bio: 'New' });
      else await bob.say(room.id);
      expect((await ann.call('GET', path, undefined, { 'if-none-match': etag })).status).toBe(200);
    }
  });
});
