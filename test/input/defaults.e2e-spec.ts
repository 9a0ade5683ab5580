import { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../support/schemas.js';
import { type Actor, World, newUlid } from '../support/world.js';

let world: World;
let ann: Actor;

beforeAll(async () => {
  world = await World.create();
  ann = await world.user();
});

afterAll(() => world?.stop());

const guest = async (body: string): Promise<Json> => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${world.app.apiUrl}/auth/guest`, { method: 'POST', headers, body })).json();
};

describe('the tree of packages', () => {
  it('has one ws, of 8.23.0 or newer', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Json;
    const versions = Object.entries(packages as Record<string, Json>)
      .filter(([path]) => /(^|\/)node_modules\/ws$/.test(path))
      .map(([, { version }]) => (version as string).split('.').map(Number));
    expect(versions).toHaveLength(1);
    const [[major, minor]] = versions;
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(8023);
  });
});

describe('secrets', () => {
  it('keeps its secrets as key objects', () => {
    const { secret, refreshSecret, linkSecret } = world.app.config.auth;
    const keys = [secret, refreshSecret, linkSecret];
    expect(keys.map((key) => key instanceof KeyObject)).toEqual([true, true, true]);
  });
});

describe('a request', () => {
  it('takes the highest ULID and not the one above', async () => {
    const status = async (id: string) => (await ann.call('GET', `/users/${id}`)).status;
    expect(await status('7ZZZZZZZZZZZZZZZZZZZZZZZZZ')).toBe(404);
    expect(await status('80000000000000000000000000')).toBe(422);
  });

  it('may have an id of 200 characters in its path, which is none, and no longer one', async () => {
    const code = async (length: number) => (await ann.call('GET', `/users/${'x'.repeat(length)}`)).body.code;
    expect([await code(200), await code(201)]).toEqual(['VALIDATION_FAILED', 'NOT_FOUND']);
  });

  it('may have a head of 16 KiB', async () => {
    const status = async (bytes: number) =>
      (await world.call('GET', '/config', { headers: { 'x-long': 'x'.repeat(bytes) } })).status;
    expect([await status(15_900), await status(16_384)]).toEqual([200, 400]);
  });

  it('takes null where it clears, and refuses it elsewhere', async () => {
    await ann.call('PATCH', '/users/me', { bio: 'Hello', status: { text: 'Away' } });
    const { status, body } = await ann.call('PATCH', '/users/me', { bio: null, status: null });
    expect([status, body.bio, body.status]).toEqual([200, null, null]);
    expect((await ann.call('PATCH', '/users/me', { displayName: null })).status).toBe(422);
  });

  it('reads 16 levels of nesting and not 17', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect((await guest(nested(16))).code).toBe('VALIDATION_FAILED');
    expect((await guest(nested(17))).code).toBe('BAD_REQUEST');
  });

  it('names ten faults of ten, and ten of eleven', async () => {
    const faults = async (count: number) => {
      const body = Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, 1]));
      return (await guest(JSON.stringify(body))).errors.length as number;
    };
    expect([await faults(9), await faults(10), await faults(11)]).toEqual([9, 10, 10]);
  });

  it('describes forms on the routes that take a file, and on no other', async () => {
    const { body } = await world.call<Json>('GET', `${world.app.url}/api/openapi.json`);
    const forms: string[] = [];
    for (const [path, item] of Object.entries(body.paths as Record<string, Json>)) {
      for (const [method, { requestBody }] of Object.entries(item as Record<string, Json>)) {
        const types = Object.keys((requestBody?.content ?? {}) as object);
        if (types.includes('multipart/form-data')) forms.push(`${method} ${path}`);
        else expect([path, types]).toEqual([path, types.length > 0 ? ['application/json'] : []]);
      }
    }
    const taking = ['post /api/v1/attachments', 'put /api/v1/rooms/{id}/avatar', 'put /api/v1/users/me/avatar'];
    expect(forms.sort()).toEqual(taking);
  });
});

describe('numbers of a room', () => {
  it('gives sends of the same instant numbers without a hole', async () => {
    const bob = await world.user();
    const { id } = await world.room([ann, bob]);
    const sends = Array.from({ length: 40 }, (_, i) =>
      (i % 2 ? ann : bob).call('POST', `/rooms/${id}/messages`, { id: newUlid(), text: 'x' }),
    );
    const seqs = (await Promise.all(sends)).map(({ body }) => body.seq as number);
    expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });
});
