import { describe, expect, it } from 'vitest';
import type { TokensView } from '../src/protocol/views.js';
import { ParleyError } from './errors.js';
import { Http } from './http.js';
import { FakeServer, problemOf } from './testing/fake-server.js';
import { type LoginStore, TokenKeeper, memoryStore } from './tokens.js';

/** A server that takes each refresh token once, and the users that it knows them for. */
function rotating(first: Record<string, string>) {
  const owners = new Map(Object.entries(first));
  const asked: string[] = [];
  let issued = 0;
  const answer = (body: unknown, status: number) => new Response(JSON.stringify(body), { status });
  const fetcher: typeof fetch = async (_url, init) => {
    const { refreshToken } = JSON.parse(init?.body as string) as { refreshToken: string };
    asked.push(refreshToken);
    await Promise.resolve();
    const owner = owners.get(refreshToken);
    owners.delete(refreshToken);
    if (owner === undefined) return answer(problemOf('UNAUTHORIZED'), 401);
    const next = `next${++issued}`;
    owners.set(next, owner);
    const user = { ...new FakeServer().user, id: owner };
    const tokens: TokensView = {
      user,
      accessToken: `access${issued}`,
      refreshToken: next,
      expiresIn: 900,
      tokenType: 'Bearer',
    };
    return answer(tokens, 200);
  };
  return { asked, http: new Http('http://fake', fetcher, 1000) };
}

function keeperOf(http: Http, store: LoginStore) {
  const ended: ParleyError[] = [];
  return { keeper: new TokenKeeper(http, store, (error) => ended.push(error)), ended };
}

describe('TokenKeeper', () => {
  it('uses the refresh token once, however many ask', async () => {
    const { asked, http } = rotating({ r: 'ann' });
    const { keeper } = keeperOf(http, memoryStore('r'));
    expect(await Promise.all([keeper.fresh(), keeper.fresh(), keeper.renew()])).toEqual(Array(3).fill('access1'));
    expect(await keeper.fresh()).toBe('access1');
    expect(asked).toEqual(['r']);
  });

  it('does not renew for a token that has been replaced already', async () => {
    const { asked, http } = rotating({ r: 'ann' });
    const { keeper } = keeperOf(http, memoryStore('r'));
    await keeper.fresh();
    expect(await keeper.renew('an older one')).toBe('access1');
    expect(await keeper.renew('access1')).toBe('access2');
    expect(asked).toEqual(['r', 'next1']);
  });

  it('takes the token that another tab has put into the store', async () => {
    const { http, asked } = rotating({ r: 'ann' });
    const store = memoryStore('r');
    const [one, two] = [keeperOf(http, store), keeperOf(http, store)];
    await one.keeper.fresh();
    expect(await two.keeper.fresh()).toBe('access2');
    expect([asked, one.ended, two.ended]).toEqual([['r', 'next1'], [], []]);
  });

  it('tries again when another tab was faster', async () => {
    const { http, asked } = rotating({ r: 'ann' });
    const store = memoryStore('r');
    const [one, two] = [keeperOf(http, store), keeperOf(http, store)];
    expect(await Promise.all([one.keeper.fresh(), two.keeper.fresh()])).toEqual(['access1', 'access2']);
    expect([asked, two.ended]).toEqual([['r', 'r', 'next1'], []]);
  });

  it('ends the login when it is refused, and says so once', async () => {
    const { http } = rotating({});
    const store = memoryStore('used');
    const { keeper, ended } = keeperOf(http, store);
    await expect(Promise.all([keeper.fresh(), keeper.fresh()])).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect([ended.length, store.load(), keeper.hasLogin]).toEqual([1, null, false]);
  });

  it('does not become somebody else, and leaves him his login', async () => {
    const { http } = rotating({ a: 'ann', b: 'ben' });
    const store = memoryStore('a');
    const { keeper, ended } = keeperOf(http, store);
    await keeper.fresh();
    store.save('b');
    await expect(keeper.renew()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect([ended.length, keeper.user, store.load()]).toEqual([1, null, 'next2']);
  });

  it('keeps the login while the server is away', async () => {
    const away = new Http('http://fake', () => Promise.reject(new TypeError('fetch failed')), 1000);
    const store = memoryStore('r');
    const { keeper, ended } = keeperOf(away, store);
    await expect(keeper.fresh()).rejects.toMatchObject({ code: 'OFFLINE', retryable: true });
    expect([ended, store.load()]).toEqual([[], 'r']);
  });
});
