import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Http } from '../../sdk/http.js';
import { RestCaller } from '../../sdk/rest-caller.js';
import { RestApi } from '../../sdk/rest.js';
import { TokenKeeper, memoryStore } from '../../sdk/tokens.js';
import { World } from '../support/world.js';

/** Routes without a method, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  'get /users/{id}/avatar': 'an address for <img>: `pictureUrl`',
  'get /rooms/{id}/avatar': 'an address for <img>: `pictureUrl`',
  'get /events': 'what the socket tells, for clients without one',
};

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.stop());

/** Stands for every argument: an id in a path, a list of ids, a body, a form's file. */
const ANYTHING: unknown = Object.assign(['x'], { id: 'x' });

/** Calls every method of the mirror and of its groups; says which requests went out. */
async function requestsOfAll(): Promise<Set<string>> {
  const seen = new Set<string>();
  const answer = { items: [], user: {}, accessToken: 'a', refreshToken: 'r', expiresIn: 900 };
  const record = (async (url: string, init: RequestInit) => {
    seen.add(`${init.method?.toLowerCase()} ${new URL(url).pathname.replace('/api/v1', '')}`);
    return new Response(JSON.stringify(answer));
  }) as typeof fetch;
  const http = new Http('http://server', record, 1000);
  const tokens = new TokenKeeper(http, memoryStore('r'), () => undefined);
  const api = new RestApi(new RestCaller(http, tokens, () => 'key'));
  const groups = [api, ...Object.values(api).filter((value) => Object.getPrototypeOf(value) !== RestCaller.prototype)];
  for (const group of groups) for (const method of methodsOf(group as object)) await callWith(tokens, method);
  return seen;
}

function methodsOf(object: object): ((...args: unknown[]) => unknown)[] {
  const names: string[] = [];
  for (let at = Object.getPrototypeOf(object); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at).filter((name) => name !== 'constructor'));
  }
  return names.map((name) => (object as Record<string, (...args: unknown[]) => unknown>)[name].bind(object));
}

/** As it is, and with every switch the other way: `pin(id, false)` unpins. */
async function callWith(tokens: TokenKeeper, method: (...args: unknown[]) => unknown): Promise<void> {
  const file = new Blob(['x']);
  const ways = [
    [ANYTHING, ANYTHING, undefined],
    [ANYTHING, false],
    [ANYTHING, ANYTHING, false],
    [file, {}],
    [ANYTHING, file],
  ];
  for (const args of ways) {
    tokens.accept({ user: {}, accessToken: 'a', refreshToken: 'r', expiresIn: 900 } as never);
    // Some ways fit some methods only.
    await Promise.resolve()
      .then(() => method(...args))
      .catch(() => undefined);
  }
}

describe('the REST client', () => {
  it('has a method for every route of the document, or a reason', async () => {
    const { body } = await world.call('GET', `${world.app.url}/api/openapi.json`);
    const routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replace('/api/v1', '')}`),
    );
    const seen = await requestsOfAll();
    const isCalled = (route: string) => seen.has(route.replaceAll(/\{\w+\}/g, 'x'));
    expect(routes.length).toBeGreaterThan(80);
    expect(routes.filter((route) => !isCalled(route)).sort()).toEqual(Object.keys(WITHOUT).sort());
  });
});
