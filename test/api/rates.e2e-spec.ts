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
