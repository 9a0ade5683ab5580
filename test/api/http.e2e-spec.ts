import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HealthRegistry } from '../../src/metrics/health-registry.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create({ ALLOWED_ORIGINS: 'https://friend.example', LIMIT_BODY_BYTES: '4096' });
});

afterAll(() => world?.stop());

const GUEST = '/api/v1/auth/guest';
const SECRET = 'sEcReT';

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(world.app.url + path, { method, headers });

const post = (body: string | Buffer, type = 'application/json') =>
  fetch(world.app.url + GUEST, { method: 'POST', body, headers: { 'content-type': type } });

/** Holds an answer against the shape of every refusal. */
async function refusalOf(response: Response): Promise<[number, string]> {
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(text).not.toContain(SECRET);
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({ status: response.status, type: `/docs/errors#${problem.code}` });
  expect(problem.traceId).toBe(response.headers.get('x-request-id'));
  return [response.status, problem.code];
}

/** Writes bytes and reads until the server closes. */
const exchange = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.app.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

describe('a body', () => {
  it.each([
    ['no JSON', `{"${SECRET}`],
    ['nothing at all', ''],
    ['a reserved key', `{"__proto__":{"${SECRET}":1}}`],
    ['a reserved key deep inside', '{"a":[{"constructor":1}]}'],
    ['a text with NUL', '{"displayName":"a\\u0000b"}'],
    ['half a surrogate pair', '{"displayName":"\\ud800"}'],
    ['a thousand levels', '['.repeat(1000) + ']'.repeat(1000)],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('that is %s is refused as unreadable', async (_, body) => {
    expect(await refusalOf(await post(body))).toEqual([400, 'BAD_REQUEST']);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json;;;',
    'application/json; charset=latin1',
    'multipart/form-data; boundary=x',
  ])('of type %s is refused', async (type) => {
    expect(await refusalOf(await post('{}', type))).toEqual([415, 'UNSUPPORTED_MEDIA']);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'of type %s is read',
    async (type) => expect((await post('{}', type)).status).toBe(201),
  );

  it('may be as large as the limit and no larger', async () => {
    const padded = (bytes: number) => '{}'.padEnd(bytes, ' ');
    expect((await post(padded(4096))).status).toBe(201);
    expect(await refusalOf(await post(padded(4097)))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it.each(['null', '[]', '"x"', '7', 'true'])('that is %s is no request', async (body) => {
    expect(await refusalOf(await post(body))).toEqual([422, 'VALIDATION_FAILED']);
  });

  it('with fields that are not known is refused without repeating them', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${SECRET}${i}`, 1]));
    const response = await post(JSON.stringify(many));
    const { errors } = (await response.clone().json()) as { errors: unknown[] };
    expect(errors).toHaveLength(10);
    expect(await refusalOf(response)).toEqual([422, 'VALIDATION_FAILED']);
  });
});

describe('an address', () => {
  it.each(['/nothing', '/api/v1/nothing', '/API/v1/config', '/api/v1/Config', '/api/v1/config/'])(
    '%s is not found',
    async (path) => expect(await refusalOf(await get(path))).toEqual([404, 'NOT_FOUND']),
  );

  it('answers a wrong method with those it has', async () => {
    const response = await get('/api/v1/config', {}, 'DELETE');
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await refusalOf(response)).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  it('that cannot be decoded, or is far too long, is refused without repeating it', async () => {
    expect(await refusalOf(await get(`/api/v1/users/%zz${SECRET}`))).toEqual([400, 'BAD_REQUEST']);
    expect(await refusalOf(await get(`/api/v1/users/${SECRET.repeat(100)}`))).toEqual([404, 'NOT_FOUND']);
  });

  it('takes HEAD where it takes GET', async () => {
    const response = await get('/api/v1/config', {}, 'HEAD');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('refuses what is no HTTP, and a head that is too large', async () => {
    expect(await exchange(`${SECRET}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 (?!.*sEcReT)/s);
    expect(await exchange(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 400/);
  });

  it('closes on a head that does not come to its end within 10 seconds', { timeout: 20_000 }, async () => {
    const before = Date.now();
    expect(await exchange('GET /livez HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1.1 408/);
    expect(Date.now() - before).toBeGreaterThan(9000);
    expect(Date.now() - before).toBeLessThan(13_000);
  });
});

describe('an answer', () => {
  it('has an id: the one asked with, unless that is unfit for a log', async () => {
    expect((await get('/livez', { 'x-request-id': 'my-id_1' })).headers.get('x-request-id')).toBe('my-id_1');
    for (const id of ['a b', 'a"b', 'x'.repeat(65)]) {
      expect((await get('/livez', { 'x-request-id': id })).headers.get('x-request-id')).toMatch(/^[0-9A-Z]{26}$/);
    }
  });

  it('carries the headers that keep browsers strict, refusals too', async () => {
    for (const path of ['/api/v1/config', '/nothing', '/api/v1/users/me']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self';.*connect-src 'self' ws: wss:/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('says how to sign in where that is missing', async () => {
    const response = await get('/api/v1/users/me');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refusalOf(response)).toEqual([401, 'UNAUTHORIZED']);
  });

  it('is not kept by caches, and profiles are asked for again by their tag', async () => {
    const ann = await world.user();
    const headers = { authorization: `Bearer ${ann.token}` };
    expect((await get('/api/v1/rooms', headers)).headers.get('cache-control')).toBe('no-store');
    const first = await get('/api/v1/users/me', headers);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await get('/api/v1/users/me', { ...headers, 'if-none-match': known });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    await ann.call('PATCH', '/users/me', { displayName: 'Another' });
    expect((await get('/api/v1/users/me', { ...headers, 'if-none-match': tag })).status).toBe(200);
  });
});

describe('a page from elsewhere', () => {
  const preflight = (origin: string) =>
    get(GUEST, { origin, 'access-control-request-method': 'POST' }, 'OPTIONS').then(({ headers }) =>
      headers.get('access-control-allow-origin'),
    );

  it('may use the API only when it is on the list', async () => {
    expect(await preflight('https://friend.example')).toBe('https://friend.example');
    expect(await preflight('https://friend.example.evil.example')).toBeNull();
    expect(await preflight('null')).toBeNull();
    const { headers } = await get('/api/v1/config', { origin: 'https://friend.example' });
    expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });
});

describe('operators', () => {
  it('learn whether the process is there, ready and what it measures', async () => {
    expect(await (await get('/livez')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toMatchObject({ status: 'ok', parts: { database: { ok: true } } });
    const metrics = await (await get('/metrics')).text();
    for (const name of [
      'chat_connections_count',
      'chat_messages_stored_total',
      'chat_flush_size_count_bucket',
      'chat_flush_duration_seconds_bucket',
      'chat_sends_waiting_count',
      'chat_feed_heals_total',
      'chat_http_request_duration_seconds_bucket',
      'nodejs_eventloop_lag_seconds',
    ]) {
      expect(metrics).toMatch(new RegExp(`^${name}`, 'm'));
    }
    expect(metrics).not.toContain(SECRET);
  });

  it('are sent to another node while this one drains, or while a part of it is not well', async () => {
    const health = world.app.get(HealthRegistry);
    health.draining = true;
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/livez')).status).toBe(200);
    health.draining = false;
    health.set('part', { ok: false, detail: 'away' });
    const response = await get('/readyz');
    expect([response.status, await response.json()]).toMatchObject([503, { parts: { part: { detail: 'away' } } }]);
    health.set('part', { ok: true });
    expect((await get('/readyz')).status).toBe(200);
  });
});
