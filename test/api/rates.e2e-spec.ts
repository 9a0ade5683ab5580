import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create({
    LIMITS: 'on',
    LIMIT_REQUESTS_PER_SECOND: '1',
    LIMIT_REQUESTS_BURST: '12',
    TRUST_PROXY: 'on',
  });
});

afterAll(() => world?.stop());

const from = (address: string) => ({ 'x-forwarded-for': address });

function expectRefusal({ status, body, headers }: Answer): void {
  expect([status, body.code, body.retryable]).toEqual([429, 'RATE_LIMITED', true]);
  expect(body.retryAfterMs).toBeGreaterThan(0);
  expect(Number(headers.get('retry-after'))).toBe(Math.ceil(body.retryAfterMs / 1000));
}

describe('a request', () => {
  it('tells what is left, and the one past the limit is refused with the time to wait', async () => {
    const ann = await world.user();
    const answers: Answer[] = [];
    for (let i = 0; i < 13; i++) answers.push(await ann.call('GET', '/users/me'));
    expect(answers.slice(0, 12).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(answers[0].headers.get('ratelimit-policy')).toBe('"default";q=12;w=12');
    expect(answers[0].headers.get('ratelimit')).toMatch(/^"default";r=11;t=\d+$/);
    expect(answers[11].headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/);
    expectRefusal(answers[12]);
  });

  it('is counted by user, whatever the address, and before sign-in by address', async () => {
    const bob = await world.user();
    const left = (answer: Answer) => Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);
    expect(left(await bob.call('GET', '/users/me'))).toBe(11);
    expect(left(await bob.call('GET', '/users/me', undefined, from('203.0.113.1')))).toBe(10);
    expect(left(await world.call('GET', '/config', { headers: from('203.0.113.2') }))).toBe(11);
    expect(left(await world.call('GET', '/config', { headers: from('203.0.113.2') }))).toBe(10);
    expect(left(await world.call('GET', '/config', { headers: from('203.0.113.3') }))).toBe(11);
  });

  it('of an operator is not counted', async () => {
    for (let i = 0; i < 15; i++) expect((await fetch(`${world.app.url}/livez`)).status).toBe(200);
  });
});

describe('requests without a guard', () => {
  it.each([
    ['an unknown address', '/nothing', undefined],
    ['a method that is not offered', '/auth/guest', undefined],
    ['a body that cannot be read', '/auth/guest', '{'],
  ])('with %s are counted by address, and the one past the limit is refused', async (_, path, body) => {
    const headers = {
      ...from(`203.0.113.${100 + path.length + (body?.length ?? 0)}`),
      'content-type': 'application/json',
    };
    const ask = async () => {
      const response = await fetch(world.app.apiUrl + path, { method: body ? 'POST' : 'GET', headers, body });
      return { status: response.status, headers: response.headers, body: await response.json() } as Answer;
    };
    for (let i = 0; i < 12; i++) expect((await ask()).status).toBeOneOf([400, 404, 405]);
    expectRefusal(await ask());
  });
});

describe('an address of IPv6', () => {
  const last = async (addresses: readonly string[]) => {
    const statuses: number[] = [];
    for (const address of addresses) {
      statuses.push((await world.call('GET', '/config', { headers: from(address) })).status);
    }
    return statuses.at(-1);
  };

  it('is counted with all others of its network of 64 bits, and no others', async () => {
    const near = Array.from({ length: 13 }, (_, i) => `2001:db8:1:2::${i + 1}`);
    expect(await last(near.slice(0, 12))).toBe(200);
    expect(await last(near.slice(12))).toBe(429);
    expect(await last(['2001:db8:1:3::1'])).toBe(200);
  });

  it('that is one of IPv4 in disguise is counted as that one', async () => {
    expect(await last(Array<string>(12).fill('198.51.100.7'))).toBe(200);
    expect(await last(['::ffff:198.51.100.7'])).toBe(429);
    expect(await last(['::ffff:198.51.100.8'])).toBe(200);
  });
});
