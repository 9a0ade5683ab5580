import { RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';
import { formOf, pictureOf } from '../support/pictures.js';
import { type Json, SchemaCheck, brokenRefs } from '../support/schemas.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** What OpenAPI 3.1 asks of the parts that this document has. */
const PARAMETER = {
  type: 'object',
  required: ['name', 'in', 'required', 'schema'],
  properties: {
    name: { type: 'string' },
    in: { enum: ['path', 'query', 'header'] },
    required: { type: 'boolean' },
    schema: { type: 'object' },
  },
};
const CONTENT = {
  type: 'object',
  minProperties: 1,
  propertyNames: {
    pattern:
      '^(application/(problem\\+)?json|application/zip|text/event-stream|multipart/form-data|\\*/\\*|image/(webp|svg\\+xml))$',
  },
  additionalProperties: { type: 'object', required: ['schema'], properties: { schema: { type: 'object' } } },
};
const OPERATION = {
  type: 'object',
  required: ['operationId', 'responses', 'parameters', 'tags'],
  properties: {
    operationId: { type: 'string', minLength: 1 },
    tags: { type: 'array', items: { type: 'string' }, minItems: 1 },
    parameters: { type: 'array', items: PARAMETER },
    requestBody: { type: 'object', required: ['content'], properties: { content: CONTENT } },
    responses: {
      type: 'object',
      minProperties: 2,
      propertyNames: { pattern: '^([2-5]\\d\\d|default)$' },
      additionalProperties: {
        type: 'object',
        required: ['description'],
        properties: { description: {}, content: CONTENT },
      },
    },
  },
};
const DOCUMENT = {
  type: 'object',
  required: ['openapi', 'info', 'paths', 'components', 'security'],
  properties: {
    openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
    info: { type: 'object' },
    components: { type: 'object' },
    security: { type: 'array' },
    paths: {
      type: 'object',
      propertyNames: { pattern: '^/' },
      additionalProperties: {
        type: 'object',
        propertyNames: { enum: METHODS },
        additionalProperties: OPERATION,
      },
    },
  },
};

let world: World;
let document: Json;
let check: SchemaCheck;
const walked = new Set<string>();

beforeAll(async () => {
  world = await World.create();
  ({ body: document } = await world.call('GET', `${world.app.url}/api/openapi.json`));
  check = new SchemaCheck(document);
});

afterAll(() => world?.stop());

const operations = (): string[] =>
  Object.entries(document.paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );

interface Walk {
  readonly as?: Actor;
  readonly body?: unknown;
  readonly query?: string;
  readonly id?: string;
  readonly userId?: string;
  readonly code?: string;
  readonly headers?: Record<string, string>;
}

/** Calls a documented operation and holds its answer against the schema of its status. */
async function walk(operation: string, status: number, given: Walk = {}): Promise<Json> {
  const [method, path] = operation.split(' ');
  const template = `/api/v1${path}`;
  const { as: actor, body, query = '', id = '', userId = '', code = '', headers } = given;
  const filled = template.replace('{id}', id).replace('{userId}', userId).replace('{code}', code);
  const url = world.app.url + filled.replace('{emoji}', encodeURIComponent('👍')) + query;
  const answer = await world.call(method.toUpperCase(), url, { body, token: actor?.token, headers });
  expect([operation, answer.status, answer.body?.code]).toEqual([operation, status, answer.body?.code]);
  expect([operation, faultsOf(method, template, answer)]).toEqual([operation, []]);
  walked.add(`${method} ${template}`);
  return answer.body;
}

function faultsOf(method: string, template: string, { status, headers, body }: Answer): string[] {
  const { responses } = document.paths[template][method];
  const response = responses[status] ?? (status >= 400 ? responses.default : undefined);
  if (!response) return [`status ${status} is not documented`];
  if (!response.content) return body === null ? [] : ['a body is not documented'];
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const contents = response.content as Record<string, { schema: object }>;
  const schema = (contents[type] ?? contents['*/*'])?.schema;
  if (!schema) return [`${type} is not documented`];
  return check.faultsOf(schema, body);
}

describe('GET /api/openapi.json', () => {
  it('is an OpenAPI 3.1 document', () => {
    expect(check.faultsOf(DOCUMENT, document)).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('"nullable"');
    const ids = operations().map((operation) => {
      const [method, path] = operation.split(' ');
      return document.paths[path][method].operationId as string;
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no reference that leads nowhere, and each part is a JSON Schema', () => {
    expect(brokenRefs(document)).toEqual([]);
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => check.faultsOf({ $ref: `#/components/schemas/${name}` }, {})).not.toThrow();
    }
  });

  it('names each parameter that stands in a path', () => {
    for (const operation of operations()) {
      const [method, path] = operation.split(' ');
      const named = (document.paths[path][method].parameters as Json[])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => `{${name}}`);
      expect([operation, named]).toEqual([operation, path.match(/\{\w+\}/g) ?? []]);
    }
  });

  it('has every route of the API', () => {
    const modules = [...world.app.get(ModulesContainer).values()];
    const types = modules.flatMap((module) => [...module.controllers.values()].map(({ metatype }) => metatype));
    const routes = new Set<string>();
    for (const type of types as { name: string; prototype: object }[]) {
      for (const key of Object.getOwnPropertyNames(type.prototype)) {
        const handler = Reflect.get(type.prototype, key) as object;
        const own = key === 'constructor' ? undefined : (Reflect.getMetadata('path', handler) as string | undefined);
        if (own === undefined || type.name === 'HealthController') continue;
        const base = Reflect.getMetadata('path', type) as string;
        const parts = [base, own].flatMap((part) => part.split('/')).filter(Boolean);
        const path = parts.map((part) => part.replace(/^:(.*)$/, '{$1}')).join('/');
        const method = RequestMethod[Reflect.getMetadata('method', handler) as number].toLowerCase();
        routes.add(`${method} /api/v1/${path}`);
      }
    }
    expect(operations().sort()).toEqual([...routes].sort());
  });

  it('has a page', async () => {
    const response = await fetch(`${world.app.url}/api/docs`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Parley API');
  });
});

describe('every answer fits the document', () => {
  it('of accounts and logins', async () => {
    const password = 'a fine long password';
    const register = { username: 'dora', password, displayName: 'Dora', email: 'dora@example.org' };
    const tokens = await walk('post /auth/register', 201, { body: register });
    await walk('post /auth/register', 409, { body: register });
    await walk('post /auth/register', 422, { body: {} });
    await walk('post /auth/login', 401, { body: { username: 'dora', password: 'wrong' } });
    const login = await walk('post /auth/login', 200, { body: { username: 'dora', password, device: 'Phone' } });
    await walk('post /auth/refresh', 200, { body: { refreshToken: tokens.refreshToken } });
    await walk('post /auth/guest', 201, { body: {} });
    const as = { token: login.accessToken } as Actor;
    await walk('post /auth/password', 403, { as, body: { currentPassword: 'wrong', newPassword: password } });
    await walk('post /auth/password', 200, { as, body: { currentPassword: password, newPassword: `${password}!` } });
    await walk('post /auth/ws-tickets', 201, { as });
    await walk('post /auth/login', 200, { body: { username: 'dora', password: `${password}!` } });
    const { items } = await walk('get /auth/sessions', 200, { as });
    await walk('delete /auth/sessions/{id}', 204, { as, id: items[0].id });
    await walk('delete /auth/sessions/{id}', 404, { as, id: items[0].id });
    await walk('delete /auth/sessions', 204, { as });
    await walk('post /auth/logout', 204, { as });
    await walk('get /auth/sessions', 401, { as });
    await walk('get /config', 200);
    expect(walked).toContain('get /api/v1/config');
  });

  it('of users', async () => {
    const [as, bob] = await world.users(2);
    await walk('get /users/me', 200, { as });
    const status = { text: 'Away', emoji: '🌴', expiresAt: '2100-01-01T00:00:00Z' };
    await walk('patch /users/me', 200, { as, body: { displayName: 'Ann', bio: 'Hi', email: 'a@example.org', status } });
    await walk('patch /users/me', 422, { as, body: { displayName: '' } });
    await walk('get /users/{id}', 200, { as, id: bob.id });
    await walk('get /users/{id}', 404, { as, id: newUlid() });
    await walk('get /users', 200, { as, query: '?query=us&limit=1' });
    await walk('get /users', 422, { as, query: '?query=us&limit=101' });
    await walk('post /users/lookup', 200, { as, body: { ids: [bob.id, as.id] } });
    await walk('put /users/me/avatar', 200, { as, body: formOf(await pictureOf('png')) });
    await walk('put /users/me/avatar', 422, { as, body: formOf('') });
    await walk('put /users/me/avatar', 415, { as, body: {} });
    await walk('get /users/{id}/avatar', 200, { id: as.id, query: '?size=64' });
    await walk('delete /users/me/avatar', 204, { as });
    await walk('get /users/{id}/avatar', 200, { id: as.id });
    await walk('get /users/{id}/avatar', 404, { id: newUlid() });
    await walk('get /users/me/export', 200, { as });
    const gone = await world.account('gone.soon');
    await walk('delete /users/me', 403, { as: gone, body: { password: 'wrong' } });
    await walk('delete /users/me', 204, { as: gone, body: { password: 'a fine long password' } });
    await walk('get /users/me/export', 401, { as: gone });
    await walk('get /preferences', 200, { as });
    await walk('patch /preferences', 200, { as, body: { contact: 'friends', receipts: false } });
    await walk('patch /preferences', 422, { as, body: { contact: null } });
    expect(walked).toContain('post /api/v1/users/lookup');
  });

  it('of friends and blocks', async () => {
    const [as, bob, cid] = await world.users(3);
    const headers = { 'idempotency-key': 'friends' };
    const body = { userId: bob.id, message: 'Hi' };
    const { id } = await walk('post /friends/requests', 201, { as, body, headers });
    await walk('post /friends/requests', 200, { as, body, headers });
    await walk('post /friends/requests', 404, { as, body: { userId: newUlid() } });
    await walk('get /friends/requests', 200, { as, query: '?direction=outgoing&limit=1' });
    await walk('get /friends/requests', 422, { as, query: '?direction=up' });
    await walk('post /friends/requests/{id}/accept', 403, { as, id });
    await walk('post /friends/requests/{id}/accept', 204, { as: bob, id });
    await walk('post /friends/requests', 200, { as, body, headers });
    await walk('patch /friends/{userId}', 200, { as, userId: bob.id, body: { alias: 'Bobby' } });
    await walk('get /friends', 200, { as });
    await walk('delete /friends/{userId}', 204, { as, userId: bob.id });
    await walk('delete /friends/{userId}', 404, { as, userId: bob.id });
    const declined = await walk('post /friends/requests', 201, { as, body: { userId: cid.id } });
    await walk('post /friends/requests/{id}/decline', 204, { as: cid, id: declined.id });
    const cancelled = await walk('post /friends/requests', 201, { as, body: { userId: cid.id } });
    await walk('delete /friends/requests/{id}', 204, { as, id: cancelled.id });
    await walk('put /blocks/{userId}', 200, { as, userId: cid.id });
    await walk('get /blocks', 200, { as });
    await walk('post /friends/requests', 403, { as: cid, body: { userId: as.id } });
    await walk('delete /blocks/{userId}', 204, { as, userId: cid.id });
    expect(walked).toContain('delete /api/v1/blocks/{userId}');
  });

  it('of rooms and members', async () => {
    const [as, bob, cid] = await world.users(3);
    const headers = { 'idempotency-key': 'one' };
    const body = { name: 'Garden', topic: 'Roses', visibility: 'public', memberIds: [bob.id] };
    const { id } = await walk('post /rooms', 201, { as, body, headers });
    await walk('post /rooms', 200, { as, body, headers });
    await walk('post /rooms', 409, { as, body: { ...body, name: 'Other' }, headers });
    await walk('post /rooms/direct', 201, { as, body: { userId: bob.id } });
    await walk('post /rooms/direct', 200, { as, body: { userId: bob.id } });
    await bob.say(id);
    await walk('get /rooms', 200, { as });
    await walk('get /rooms/public', 200, { as: cid, query: '?query=gard' });
    await walk('get /rooms/{id}', 200, { as, id });
    await walk('get /rooms/{id}', 200, { as: cid, id });
    await walk('get /rooms/{id}', 404, { as, id: newUlid() });
    await walk('patch /rooms/{id}', 200, { as, id, body: { name: 'Park', topic: null } });
    await walk('patch /rooms/{id}', 403, { as: bob, id, body: { name: 'Mine' } });
    await walk('post /rooms/{id}/join', 200, { as: cid, id });
    await walk('post /rooms/{id}/leave', 204, { as: cid, id });
    await walk('put /rooms/{id}/members/{userId}', 201, { as, id, userId: cid.id, body: {} });
    await walk('put /rooms/{id}/members/{userId}', 200, { as, id, userId: cid.id, body: { role: 'admin' } });
    await walk('get /rooms/{id}/members', 200, { as, id });
    await walk('delete /rooms/{id}/members/{userId}', 204, { as, id, userId: cid.id });
    const ban = { reason: 'Spam', until: '2100-01-01T00:00:00Z' };
    await walk('put /rooms/{id}/bans/{userId}', 200, { as, id, userId: cid.id, body: ban });
    await walk('get /rooms/{id}/bans', 200, { as, id });
    await walk('post /rooms/{id}/join', 403, { as: cid, id });
    await walk('delete /rooms/{id}/bans/{userId}', 204, { as, id, userId: cid.id });
    await walk('get /rooms/{id}/abilities', 200, { as: bob, id });
    await walk('get /rooms/{id}/abilities', 404, { as, id: newUlid() });
    const own = { notify: 'mentions', mutedUntil: '2100-01-01T00:00:00Z', alias: 'My garden' };
    await walk('patch /rooms/{id}/me', 200, { as: bob, id, body: own });
    await walk('put /rooms/{id}/avatar', 200, { as, id, body: formOf(await pictureOf('png')) });
    await walk('put /rooms/{id}/avatar', 403, { as: bob, id, body: formOf(await pictureOf('png')) });
    await walk('get /rooms/{id}/avatar', 200, { id, query: '?size=64' });
    await walk('delete /rooms/{id}/avatar', 204, { as, id });
    await walk('get /rooms/{id}/avatar', 200, { id });
    await walk('post /rooms/{id}/archive', 204, { as, id });
    await walk('post /rooms/{id}/unarchive', 204, { as, id });
    await walk('post /rooms/{id}/owner', 204, { as, id, body: { userId: bob.id } });
    await walk('get /sync', 200, { as });
    await walk('get /events', 200, { as, query: '?follow=open' });
    await walk('get /events', 422, { as, query: '?follow=none' });
    await walk('get /events', 422, { as, headers: { 'last-event-id': 'x' } });
    await walk('get /events', 401);
    expect(walked).toContain('get /api/v1/sync');
  });

  it('of invites', async () => {
    const [as, bob] = await world.users(2);
    const { id } = await world.room([as]);
    const headers = { 'idempotency-key': 'one' };
    const body = { maxUses: 5, expiresInSeconds: 60 };
    const { code } = await walk('post /rooms/{id}/invites', 201, { as, id, body, headers });
    await walk('post /rooms/{id}/invites', 200, { as, id, body, headers });
    await walk('get /rooms/{id}/invites', 200, { as, id });
    await walk('get /invites/{code}', 200, { as: bob, code });
    await walk('post /invites/{code}/accept', 200, { as: bob, code });
    await walk('get /rooms/{id}/invites', 403, { as: bob, id });
    await walk('delete /rooms/{id}/invites/{code}', 204, { as, id, code });
    await walk('delete /rooms/{id}/invites', 204, { as, id });
    await walk('get /invites/{code}', 410, { as: await world.user(), code });
    expect(walked).toContain('post /api/v1/invites/{code}/accept');
  });

  it('of messages', async () => {
    const [as, bob] = await world.users(2);
    const { id } = await world.room([as, bob]);
    const body = { id: newUlid(), text: 'hello' };
    await walk('post /rooms/{id}/messages', 201, { as, id, body });
    await walk('post /rooms/{id}/messages', 200, { as, id, body });
    await walk('post /rooms/{id}/messages', 409, { as, id, body: { ...body, text: 'other' } });
    await walk('get /messages/{id}', 200, { as, id: body.id });
    await walk('get /rooms/{id}/messages', 200, { as, id, query: '?limit=2' });
    await walk('get /rooms/{id}/messages', 200, { as, id, query: '?before=3&limit=1' });
    await walk('get /rooms/{id}/messages', 422, { as, id, query: '?before=x' });
    await walk('get /rooms/{id}/changes', 200, { as, id, query: '?since=0' });
    await walk('get /search/messages', 200, { as, query: '?q=hello&has=link' });
    await walk('get /search/messages', 200, { as, query: `?q=hello&roomId=${id}` });
    await walk('get /search/messages', 422, { as, query: '?q=!' });
    await walk('post /rooms/{id}/read', 200, { as: bob, id, body: { readSeq: 1 } });
    expect(walked).toContain('post /api/v1/rooms/{id}/read');
  });

  it('of what becomes of messages', async () => {
    const [as, bob] = await world.users(2);
    const { id: roomId } = await world.room([as, bob]);
    const { id, rev } = await as.say(roomId, 'hello');
    await walk('patch /messages/{id}', 200, { as, id, body: { text: 'hallo', expectedRev: rev } });
    await walk('patch /messages/{id}', 409, { as, id, body: { text: 'hey', expectedRev: rev } });
    await walk('get /messages/{id}/revisions', 200, { as: bob, id });
    await walk('put /messages/{id}/reactions/{emoji}', 200, { as: bob, id });
    await walk('get /rooms/{id}/messages', 200, { as, id: roomId });
    await walk('delete /messages/{id}/reactions/{emoji}', 204, { as: bob, id });
    await walk('put /messages/{id}/pin', 200, { as, id });
    await walk('get /rooms/{id}/pins', 200, { as: bob, id: roomId });
    await walk('delete /messages/{id}/pin', 204, { as, id });
    await walk('get /messages/{id}/replies', 200, { as: bob, id });
    await walk('get /rooms/{id}/integrity', 200, { as: bob, id: roomId });
    await walk('get /rooms/{id}/integrity', 422, { as: bob, id: roomId, query: '?from=2&to=1' });
    await walk('delete /messages/{id}', 403, { as: bob, id });
    await walk('delete /messages/{id}', 204, { as, id });
    await walk('get /messages/{id}/revisions', 410, { as, id });
    expect(walked).toContain('get /api/v1/messages/{id}/replies');
  });

  it('of attachments', async () => {
    const [as, bob] = await world.users(2);
    const body = () => formOf('hello');
    const headers = { 'idempotency-key': 'one' };
    const { id, url } = await walk('post /attachments', 201, { as, body: body(), headers });
    await walk('post /attachments', 200, { as, body: body(), headers });
    await walk('post /attachments', 409, { as, body: formOf('other'), headers });
    await walk('post /attachments', 422, { as, body: formOf('') });
    await walk('get /attachments/{id}', 200, { as, id });
    await walk('get /attachments/{id}', 206, { as, id, headers: { range: 'bytes=0-1' } });
    await walk('get /attachments/{id}', 416, { as, id, headers: { range: 'bytes=9-' } });
    await walk('get /attachments/{id}', 200, { id, query: url.slice(url.indexOf('?')) });
    await walk('get /attachments/{id}', 404, { as: bob, id });
    await walk('get /attachments/{id}', 401, { id, query: '?signature=x' });
    await walk('get /attachments/{id}/thumbnail', 404, { as, id });
    const image = await walk('post /attachments', 201, { as, body: formOf(await pictureOf('png')) });
    await walk('get /attachments/{id}/thumbnail', 200, { as, id: image.id });
    await walk('delete /attachments/{id}', 204, { as, id });
    await walk('delete /attachments/{id}', 404, { as, id });
    expect(walked).toContain('post /api/v1/attachments');
  });

  it('of presence', async () => {
    const [as, bob] = await world.users(2);
    const { id } = await world.room([as, bob]);
    await bob.connect();
    await walk('put /presence/me', 200, { as: bob, body: { state: 'busy', text: 'Reading' } });
    await walk('put /presence/me', 422, { as: bob, body: { state: 'offline' } });
    await walk('get /presence', 200, { as, query: `?userIds=${bob.id},${as.id}` });
    await walk('get /presence', 422, { as, query: '?userIds=x' });
    await walk('get /rooms/{id}/online', 200, { as, id });
    await walk('get /rooms/{id}/online', 404, { as, id: newUlid() });
    await walk('get /rooms/{id}/receipts', 200, { as, id });
    await walk('get /rooms/{id}/receipts', 404, { as, id: newUlid() });
    expect(walked).toContain('get /api/v1/presence');
  });

  it('and no operation was left out', () => {
    expect(operations().filter((operation) => !walked.has(operation))).toEqual([]);
  });
});
