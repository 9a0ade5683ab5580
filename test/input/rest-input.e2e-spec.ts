import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Json, SchemaCheck } from '../support/schemas.js';
import { type Actor, World, textOf } from '../support/world.js';
import { CANARY } from './fields.js';
import { FIELD_KINDS, type FieldKind, REQUEST_KINDS, type RequestKind } from './kinds.js';
import { LogWatch } from './log-watch.js';
import { ULID } from './makers.js';
import { type BadRequest, type Operation, operationsOf } from './requests.js';

/** No body has a map; the data of commands has. */
const OF_COMMANDS = ['noMap'];
const CASES = Object.entries({ ...FIELD_KINDS, ...REQUEST_KINDS })
  .map(([name, kind]) => ({ name: name as FieldKind | RequestKind, ...kind }))
  .filter(({ name }) => !OF_COMMANDS.includes(name));
const PROBLEM = { $ref: '#/components/schemas/Problem' };

let world: World;
let ann: Actor;
let roomId: string;
let operations: Operation[];
let problems: SchemaCheck;
const log = new LogWatch();

beforeAll(async () => {
  world = await World.create({ LOG_LEVEL: 'debug' });
  ann = await world.account('ann');
  ({ id: roomId } = await world.room([ann]));
  const { body: document } = await world.call('GET', `${world.app.url}/api/openapi.json`);
  operations = operationsOf(document as Json);
  problems = new SchemaCheck(document);
});

afterAll(() => world?.stop());
beforeEach(() => log.start());
afterEach(() => vi.restoreAllMocks());

function send({ method, path, body, headers, authorization }: BadRequest, actor = ann): Promise<Response> {
  // Bytes get no content type of their own from `fetch`.
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return fetch(world.app.url + path, {
    method,
    body: bytes,
    headers: { origin: 'https://foreign.example', authorization: authorization ?? `Bearer ${actor.token}`, ...headers },
  });
}

/** Everything about an answer that is not as it must be, in words. */
async function faultsOf(request: BadRequest, answer: string): Promise<string[]> {
  // A room that is there and his, so that nothing but the badness is left to refuse.
  const response = await send({ ...request, path: request.path.replace(`/rooms/${ULID}`, `/rooms/${roomId}`) });
  const text = await textOf(response);
  const [status, code] = answer.split(' ');
  if (request.method === 'HEAD') return String(response.status) === status ? [] : [`is ${response.status}`];
  const problem = parse(text);
  const got = `${response.status} ${problem?.code}`;
  if (got !== answer) return [`is ${got}: ${text.slice(0, 200)}`];
  const paths = ((problem.errors ?? []) as Json[]).map(({ path }) => path);
  const { headers } = response;
  return [
    ...problems.faultsOf(PROBLEM, problem),
    ...(text.includes(CANARY) || JSON.stringify([...headers]).includes(CANARY) ? ['repeats the input'] : []),
    ...(problem.traceId === headers.get('x-request-id') ? [] : ['has another id than its header']),
    ...(headers.get('content-type')?.startsWith('application/problem+json') ? [] : ['is of another type']),
    ...(headers.get('access-control-allow-origin') === null ? [] : ['lets a foreign page read it']),
    ...(code === 'METHOD_NOT_ALLOWED' && !headers.get('allow') ? ['does not say what is allowed'] : []),
    ...(request.at === undefined || paths.includes(request.at) ? [] : [`names ${paths.join()}, not ${request.at}`]),
    ...(paths.length <= 10 ? [] : [`has ${paths.length} errors`]),
  ];
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const inShort = ({ method, path, body, headers }: BadRequest): string =>
  `${method} ${path.slice(0, 120)} ${JSON.stringify(headers)} ${String(body).slice(0, 120)}`;

describe('every route', () => {
  it('is asked, and takes the request that the bad ones are made of', async () => {
    expect(operations.length).toBeGreaterThan(36);
    for (const operation of operations) {
      const response = await send(operation.good, await world.user());
      const text = await textOf(response);
      const code = parse(text)?.code;
      expect([
        operation.name,
        [undefined, null, 'NOT_FOUND', 'FORBIDDEN', 'UNAUTHORIZED'].includes(code as string) ||
          // Forms are sent by the tests of the routes that take them.
          (operation.takesForm && code === 'UNSUPPORTED_MEDIA'),
        text,
      ]).toEqual([operation.name, true, text]);
    }
  });

  it.each(CASES)('refuses $name: $sentence', async ({ name, answer }) => {
    const asked = operations.flatMap((operation) => operation.bad(name, world.app.config.limits.bodyBytes));
    expect(asked.length).toBeGreaterThan(0);
    const faults: string[] = [];
    for (const request of asked) {
      for (const fault of await faultsOf(request, answer)) faults.push(`${inShort(request)} ${fault}`);
    }
    expect(faults.slice(0, 20).join('\n')).toBe('');
    expect(log.text).not.toContain(CANARY);
    expect((await fetch(`${world.app.url}/livez`)).status).toBe(200);
  });
});

describe('the log', () => {
  it('is watched: a request of somebody is in it', async () => {
    await send({ method: 'GET', path: '/api/v1/users/me' });
    await vi.waitFor(() => expect(log.text).toContain('http.request'));
  });
});
