import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { AccessTokens } from '../../src/auth/access-tokens.service.js';
import { ExpiredLogins } from '../../src/auth/expired-logins.service.js';
import { LoginService } from '../../src/auth/login.service.js';
import { Clock } from '../../src/common/clock.js';
import { insertRows } from '../../src/database/sql.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import type { Page, SessionView, TicketView, TokensView } from '../../src/protocol/views.js';
import { UsersService } from '../../src/users/users.service.js';
import { type Actor, type Answer, World, newUlid } from '../support/world.js';

const counted = vi.hoisted(() => ({ verified: 0 }));

vi.mock('@node-rs/argon2', async (load) => {
  const real = await load<typeof import('@node-rs/argon2')>();
  return {
    ...real,
    verify: (...args: Parameters<typeof real.verify>) => {
      counted.verified++;
      return real.verify(...args);
    },
  };
});

const PASSWORD = 'a fine long password';
let world: World;
let names = 0;

beforeAll(async () => {
  world = await World.create();
});

afterAll(() => world?.stop());
afterEach(() => vi.restoreAllMocks());

const newName = () => `somebody${++names}`;
const newAccount = (name = newName()): Promise<Actor> => world.account(name, PASSWORD);

const post = <T = TokensView>(path: string, body: unknown = {}, token?: string): Promise<Answer<T>> =>
  world.call<T>('POST', `/auth/${path}`, { body, token });

const register = (body: object) => post('register', { username: newName(), password: PASSWORD, ...body });
const login = (username: string, password = PASSWORD) => post('login', { username, password });
const refresh = (refreshToken: string) => post('refresh', { refreshToken });

// eslint-disable-next-line typescript/no-explicit-any
const refusalOf = ({ status, body }: Answer<any>) => [status, body.code];
const statusOfMe = async (token: string) => (await world.call('GET', '/users/me', { token })).status;
const suspend = (id: string) => world.app.get(UsersService).suspend(Principal.system('a test'), id, 'spam');

/** Turns the server's clock forward until the end of the test. */
function passTime(ms: number): void {
  vi.spyOn(world.app.get(Clock), 'now').mockImplementation(() => Date.now() + ms);
}

describe('POST /auth/register', () => {
  it('makes an account and signs it in', async () => {
    const username = newName();
    const { status, body } = await register({ username, displayName: ' Ann ', email: 'Ann@Example.org' });
    expect(status).toBe(201);
    expect(body).toEqual({
      user: expect.objectContaining({ username, displayName: 'Ann', email: 'ann@example.org', role: 'user' }),
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 900,
      tokenType: 'Bearer',
    });
    expect(await statusOfMe(body.accessToken)).toBe(200);
  });

  it('shows the user name where no display name is given', async () => {
    const username = newName();
    expect((await register({ username })).body.user).toMatchObject({ displayName: username, email: null });
  });

  it('lets exactly one have a name that many ask for at once, in any case and width', async () => {
    const asked = ['Twin.One', 'twin.one', 'TWIN.ONE', 'ｔｗｉｎ.ｏｎｅ', 'Ｔwin．one', 'twin.onE'];
    const answers = await Promise.all(asked.map((username) => register({ username })));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409]);
    for (const answer of answers) {
      if (answer.status === 409) expect(refusalOf(answer)).toEqual([409, 'CONFLICT']);
    }
    expect(await world.app.rows('SELECT id FROM users WHERE usernameKey = ?', ['twin.one'])).toHaveLength(1);
  });

  it('lets exactly one have an e-mail address, in any case, and keeps no account of the others', async () => {
    const username = newName();
    const answers = await Promise.all([
      register({ username, email: 'same@example.org' }),
      register({ email: 'SAME@example.org' }),
      register({ email: 'Same@Example.org' }),
    ]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(await world.app.rows('SELECT id FROM users WHERE email = ?', ['same@example.org'])).toHaveLength(1);
  });

  it.each([
    ['ab'],
    ['a'.repeat(33)],
    ['an n'],
    ['.ann'],
    ['an@n'],
    ['аnn'],
    ['Admin'],
    ['4dm1n'],
    ['rооt'],
    ['par-ley'],
    ['an\u200Bn'],
  ])('refuses the user name %j', async (username) => {
    const { status, body } = await register({ username });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'username' }] });
  });

  it.each([['ab1'], ['a'.repeat(32)], ['Иван'], ['山田たろう'], ['Zoë'], ['a.b_c-d']])(
    'accepts the user name %j',
    async (username) => {
      expect((await register({ username })).status).toBe(201);
    },
  );

  it.each([
    ['of 7 characters', 'h7:kq/p'],
    ['of 7 characters, typed as 8', 'h7:kq/e\u0301'],
    ['of 513 characters', 'zx'.repeat(256) + 'y'],
    ['that is common', 'password'],
    ['that is common, in another case', 'PassWord1'],
    ['of one character alone', 'wwwwwwwwww'],
  ])('refuses a password %s', async (_, password) => {
    const { status, body } = await register({ password });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'password' }] });
  });

  it('refuses the own name as a password', async () => {
    expect(refusalOf(await register({ username: 'longenoughname', password: 'LongEnoughName' }))).toEqual([
      422,
      'VALIDATION_FAILED',
    ]);
  });

  it.each([
    ['of 8 characters', 'h7:kq/pw'],
    ['of 512 characters', 'zx'.repeat(256)],
    ['of small letters alone', 'thrushgravelpost'],
    ['of digits alone', '8302759146602'],
    ['with spaces and emoji', 'ein 🐙 im Garten'],
    ['of 8 characters beyond the first plane', '🐙🐬🐢🦀🐡🦑🐠🦈'],
  ])('accepts a password %s', async (_, password) => {
    const username = newName();
    expect((await register({ username, password })).status).toBe(201);
    expect((await login(username, password)).status).toBe(200);
  });

  it('takes a password typed composed and decomposed for the same', async () => {
    const username = newName();
    await register({ username, password: 'caf\u00e9 au lait' });
    expect((await login(username, 'cafe\u0301 au lait')).status).toBe(200);
    expect((await login(username, 'cafe au lait')).status).toBe(401);
  });

  it('is refused where registration is closed or by invitation', async () => {
    for (const mode of ['closed', 'invite']) {
      const closed = await World.create({ REGISTRATION: mode });
      const body = { username: newName(), password: PASSWORD };
      expect(refusalOf(await closed.call('POST', '/auth/register', { body }))).toEqual([403, 'FORBIDDEN']);
      await closed.stop();
    }
  });
});

describe('POST /auth/guest', () => {
  it('lets somebody in with a made-up name, or with the one asked for', async () => {
    const { status, body } = await post('guest');
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ role: 'guest', displayName: expect.stringMatching(/^\w+ \w+$/) });
    expect((await post('guest', { displayName: ' Bob ' })).body.user.displayName).toBe('Bob');
    expect(await statusOfMe(body.accessToken)).toBe(200);
  });

  it('gives a guest no password: he cannot sign in by one, nor change it', async () => {
    const { body } = await post('guest');
    expect(refusalOf(await login(body.user.username))).toEqual([401, 'UNAUTHORIZED']);
    const change = { currentPassword: PASSWORD, newPassword: 'another long password' };
    expect(refusalOf(await post('password', change, body.accessToken))).toEqual([403, 'FORBIDDEN']);
  });

  it('is refused where guests are not let in', async () => {
    const strict = await World.create({ GUESTS: 'off' });
    expect(refusalOf(await strict.call('POST', '/auth/guest', { body: {} }))).toEqual([403, 'FORBIDDEN']);
    await strict.stop();
  });
});

describe('POST /auth/login', () => {
  it('signs in by user name in any case and width, each time with a login of its own', async () => {
    const ann = await newAccount('Ann.Lee');
    const first = await post('login', { username: 'ann.lee', password: PASSWORD, device: ' Laptop ' });
    const second = await login('ＡＮＮ.ＬＥＥ');
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body.user.id).toBe(ann.id);
    const { body } = await ann.call<Page<SessionView>>('GET', '/auth/sessions');
    expect(body.items.map(({ device }) => device)).toEqual([null, 'Laptop', null]);
  });

  it('signs in by e-mail address in any case', async () => {
    const { body } = await register({ email: 'mail.login@example.org' });
    const { status, body: again } = await login('Mail.Login@EXAMPLE.org');
    expect(status).toBe(200);
    expect(again.user.id).toBe(body.user.id);
  });

  it('answers an unknown user and a wrong password alike, and checks a hash for both', async () => {
    const ann = await newAccount();
    const answers = [];
    for (const name of [ann.tokens.user.username, 'nobody.at.all', 'nobody@example.org']) {
      const before = counted.verified;
      answers.push(await login(name, 'not the password'));
      expect(counted.verified - before).toBe(1);
    }
    const [wrong, ...unknown] = answers.map(({ status, body }) => ({ status, ...body, traceId: '' }));
    expect(wrong).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    expect(unknown).toEqual([wrong, wrong]);
  });

  it('tells a suspended user that he is, only after the right password', async () => {
    const ann = await newAccount();
    const { username } = ann.tokens.user;
    await suspend(ann.id);
    expect(refusalOf(await login(username))).toEqual([403, 'FORBIDDEN']);
    expect(refusalOf(await login(username, 'not the password'))).toEqual([401, 'UNAUTHORIZED']);
    await world.app.get(UsersService).unsuspend(Principal.system('a test'), ann.id);
    expect((await login(username)).status).toBe(200);
    expect(await statusOfMe(ann.token)).toBe(401);
  });

  it('opens no login by a password that was changed while it was checked', async () => {
    const ann = await newAccount();
    const logins = world.app.get(LoginService);
    const device = { address: '127.0.0.1', userAgent: null, device: null };
    const { hasher } = logins as unknown as { hasher: { matches: (...args: unknown[]) => Promise<boolean> } };
    const matches = hasher.matches.bind(hasher);
    let change: Promise<unknown> = Promise.resolve();
    vi.spyOn(hasher, 'matches').mockImplementationOnce(async (...args) => {
      const right = await matches(...args);
      const passwords = { currentPassword: PASSWORD, newPassword: 'another long password' };
      change = ann.call('POST', '/auth/password', passwords);
      await change;
      return right;
    });
    await expect(logins.login(ann.tokens.user.username, PASSWORD, device)).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });
    expect(await change).toMatchObject({ status: 200 });
  });
});

describe('POST /auth/refresh', () => {
  it('changes the token for a fresh pair of the same login', async () => {
    const ann = await newAccount();
    const { status, body } = await refresh(ann.tokens.refreshToken);
    expect(status).toBe(200);
    expect(body.user.id).toBe(ann.id);
    expect(body.refreshToken).not.toBe(ann.tokens.refreshToken);
    // Also within the second that both are of.
    expect(body.accessToken).not.toBe(ann.token);
    expect(await statusOfMe(body.accessToken)).toBe(200);
    const { body: logins } = await ann.call<Page<SessionView>>('GET', '/auth/sessions');
    expect(logins.items).toHaveLength(1);
  });

  it('gives the same pair again to a client that lost the answer', async () => {
    const ann = await newAccount();
    const first = await refresh(ann.tokens.refreshToken);
    passTime(9000);
    const again = await refresh(ann.tokens.refreshToken);
    expect(again.status).toBe(200);
    expect(again.body.refreshToken).toBe(first.body.refreshToken);
    expect(again.body.accessToken).toBe(first.body.accessToken);
    expect((await refresh(first.body.refreshToken)).status).toBe(200);
  });

  it('gives the same pair to requests of the same instant', async () => {
    const ann = await newAccount();
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(ann.tokens.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.accessToken)).size).toBe(1);
  });

  it('ends the login at once when a used-up token comes back later, and logs it', async () => {
    const ann = await newAccount();
    const { body: fresh } = await refresh(ann.tokens.refreshToken);
    expect(await statusOfMe(fresh.accessToken)).toBe(200);
    const warn = vi.spyOn(Logger.prototype, 'warn');
    passTime(10_500);
    expect(refusalOf(await refresh(ann.tokens.refreshToken))).toEqual([401, 'UNAUTHORIZED']);
    expect(await statusOfMe(fresh.accessToken)).toBe(401);
    expect(await statusOfMe(ann.token)).toBe(401);
    expect((await refresh(fresh.refreshToken)).status).toBe(401);
    const logged = warn.mock.calls.map(([entry]) => entry as { event?: string });
    expect(logged.filter(({ event }) => event === 'auth.refreshReused')).toEqual([
      { event: 'auth.refreshReused', userId: ann.id, sessionId: expect.any(String) },
    ]);
    expect(JSON.stringify(logged)).not.toContain(ann.tokens.refreshToken);
  });

  it('ends the login when a token older than the previous one comes back, however soon', async () => {
    const ann = await newAccount();
    const { body: second } = await refresh(ann.tokens.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    expect((await refresh(ann.tokens.refreshToken)).status).toBe(401);
    expect(await statusOfMe(third.accessToken)).toBe(401);
  });

  it('leaves other logins of the user alone when it ends one', async () => {
    const ann = await newAccount();
    const { body: other } = await login(ann.tokens.user.username);
    const { body: second } = await refresh(ann.tokens.refreshToken);
    await refresh(second.refreshToken);
    expect((await refresh(ann.tokens.refreshToken)).status).toBe(401);
    expect(await statusOfMe(other.accessToken)).toBe(200);
  });

  it('refuses made-up tokens, and they do nothing', async () => {
    const ann = await newAccount();
    const [id, counter, mac] = ann.tokens.refreshToken.split('.');
    const forged = [
      'nonsense',
      '..',
      `${id}.1.${mac}`,
      `${id}.${counter}.${'A'.repeat(mac.length)}`,
      `${id}.${counter}.${mac}.x`,
      `${newUlid()}.${counter}.${mac}`,
      `${id}.${counter}.`,
      `${id}.-1.${mac}`,
      // What decoders of base64url overlook.
      `${ann.tokens.refreshToken}=`,
      `${ann.tokens.refreshToken} `,
      `${ann.tokens.refreshToken}%`,
      ann.token,
    ];
    for (const token of forged) expect(refusalOf(await refresh(token))).toEqual([401, 'UNAUTHORIZED']);
    expect(await statusOfMe(ann.token)).toBe(200);
    expect((await refresh(ann.tokens.refreshToken)).status).toBe(200);
  });

  it('refuses a suspended user', async () => {
    const ann = await newAccount();
    await suspend(ann.id);
    expect(refusalOf(await refresh(ann.tokens.refreshToken))).toEqual([401, 'UNAUTHORIZED']);
    expect(await statusOfMe(ann.token)).toBe(401);
  });

  it('refuses a login that was not used for the days it may rest', async () => {
    const ann = await newAccount();
    passTime(31 * 86_400_000);
    expect((await refresh(ann.tokens.refreshToken)).status).toBe(401);
  });
});

describe('POST /auth/password', () => {
  const change = (actor: Actor, newPassword: string, currentPassword = PASSWORD) =>
    actor.call<TokensView>('POST', '/auth/password', { currentPassword, newPassword });

  it('ends other logins, gives a working pair, and only the new password signs in', async () => {
    const ann = await newAccount();
    const { username } = ann.tokens.user;
    const { body: other } = await login(username);
    const { status, body } = await change(ann, 'another long password');
    expect(status).toBe(200);
    expect(await statusOfMe(body.accessToken)).toBe(200);
    expect(await statusOfMe(other.accessToken)).toBe(401);
    expect((await refresh(other.refreshToken)).status).toBe(401);
    expect((await refresh(body.refreshToken)).status).toBe(200);
    expect((await login(username)).status).toBe(401);
    expect((await login(username, 'another long password')).status).toBe(200);
  });

  it('refuses a wrong present password and changes nothing', async () => {
    const ann = await newAccount();
    const { body: other } = await login(ann.tokens.user.username);
    expect(refusalOf(await change(ann, 'another long password', 'not the password'))).toEqual([403, 'FORBIDDEN']);
    expect(await statusOfMe(other.accessToken)).toBe(200);
    expect((await login(ann.tokens.user.username)).status).toBe(200);
  });

  it('holds the new password to the rules', async () => {
    const ann = await newAccount('harpsichord');
    for (const bad of ['h7:kq/p', 'password1', 'Harpsichord', 'zx'.repeat(256) + 'y']) {
      const { status, body } = await change(ann, bad);
      expect(status).toBe(422);
      expect(body).toMatchObject({ errors: [{ path: 'newPassword' }] });
    }
  });
});

describe('logins', () => {
  it('lists the living ones, newest first, with the present one marked', async () => {
    const ann = await newAccount();
    await login(ann.tokens.user.username);
    const { status, body } = await ann.call<Page<SessionView>>('GET', '/auth/sessions');
    expect(status).toBe(200);
    expect(body.next).toBeNull();
    expect(body.items.map(({ current }) => current)).toEqual([false, true]);
    expect(body.items[0]).toMatchObject({ address: expect.stringContaining('127.0.0.1'), userAgent: 'node' });
    expect(body.items[0].id > body.items[1].id).toBe(true);
  });

  it('lists them in pages', async () => {
    const ann = await newAccount();
    for (let i = 0; i < 4; i++) await login(ann.tokens.user.username);
    const list = (query: string) => ann.call<Page<SessionView>>('GET', `/auth/sessions${query}`);
    const all = (await list('')).body.items.map(({ id }) => id);
    expect(all).toHaveLength(5);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer<Page<SessionView>> = await list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.next;
    }
    expect(paged).toEqual(all);
    for (const bad of ['?limit=0', '?limit=101', '?cursor=nonsense']) expect((await list(bad)).status).toBe(422);
  });

  it('ends very many at once, and those of nobody else', async () => {
    const [ann, bob] = await Promise.all([newAccount(), newAccount()]);
    const [own] = await world.app.rows<Record<string, unknown>>('SELECT * FROM sessions WHERE userId = ?', [ann.id]);
    const copies = Array.from({ length: 1100 }, () => ({ ...own, id: newUlid() }));
    await world.app.get(UnitOfWork).run((tx) => insertRows(tx, 'sessions', copies));
    const living = async (id: string) =>
      (await world.app.rows('SELECT id FROM sessions WHERE userId = ? AND revokedAt IS NULL', [id])).length;
    expect(await living(ann.id)).toBe(1101);
    expect((await ann.call('DELETE', '/auth/sessions')).status).toBe(204);
    expect([await living(ann.id), await living(bob.id)]).toEqual([1, 1]);
    expect(await statusOfMe(ann.token)).toBe(200);
  });

  it('are removed long after their end, tickets too, and no other', async () => {
    const ann = await newAccount();
    await ann.call('POST', '/auth/ws-tickets');
    const [row] = await world.app.rows<Record<string, unknown>>('SELECT * FROM sessions WHERE userId = ?', [ann.id]);
    const day = 86_400_000;
    const ended = [31, 29].map((days) => ({ ...row, id: newUlid(), expiresAt: Date.now() - days * day }));
    const old = Array.from({ length: 450 }, (_, i) => ({
      hash: `old ${i}`,
      sessionId: row.id,
      expiresAt: Date.now() - 601_000,
      usedAt: null,
    }));
    const late = { ...old[0], hash: 'late', expiresAt: Date.now() - 599_000 };
    await world.app.get(UnitOfWork).run(async (tx) => {
      await insertRows(tx, 'sessions', ended);
      await insertRows(tx, 'ws_tickets', [...old, late]);
    });
    await world.app.get(ExpiredLogins).remove();
    const left = await world.app.rows<{ id: string }>('SELECT id FROM sessions WHERE userId = ?', [ann.id]);
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([row.id, ended[1].id]));
    const tickets = await world.app.rows<{ hash: string }>('SELECT hash FROM ws_tickets WHERE sessionId = ?', [row.id]);
    expect(tickets).toHaveLength(2);
    expect(tickets.map(({ hash }) => hash)).toContain('late');
    expect(await statusOfMe(ann.token)).toBe(200);
  });

  it('ends one of them, once', async () => {
    const ann = await newAccount();
    const { body: other } = await login(ann.tokens.user.username);
    const { body } = await ann.call<Page<SessionView>>('GET', '/auth/sessions');
    const id = body.items.find(({ current }) => !current)?.id;
    expect((await ann.call('DELETE', `/auth/sessions/${id}`)).status).toBe(204);
    expect(await statusOfMe(other.accessToken)).toBe(401);
    expect(await statusOfMe(ann.token)).toBe(200);
    expect(refusalOf(await ann.call('DELETE', `/auth/sessions/${id}`))).toEqual([404, 'NOT_FOUND']);
  });

  it('does not end those of somebody else, nor tells whether they exist', async () => {
    const [ann, bob] = await Promise.all([newAccount(), newAccount()]);
    const { body } = await bob.call<Page<SessionView>>('GET', '/auth/sessions');
    const foreign = await ann.call('DELETE', `/auth/sessions/${body.items[0].id}`);
    const unknown = await ann.call('DELETE', `/auth/sessions/${newUlid()}`);
    expect(refusalOf(foreign)).toEqual([404, 'NOT_FOUND']);
    expect({ ...foreign.body, traceId: '' }).toEqual({ ...unknown.body, traceId: '' });
    expect(await statusOfMe(bob.token)).toBe(200);
    expect((await ann.call('DELETE', '/auth/sessions/nonsense')).status).toBe(422);
  });

  it('ends all others', async () => {
    const ann = await newAccount();
    const others = await Promise.all([login(ann.tokens.user.username), login(ann.tokens.user.username)]);
    expect((await ann.call('DELETE', '/auth/sessions')).status).toBe(204);
    for (const { body } of others) expect(await statusOfMe(body.accessToken)).toBe(401);
    expect(await statusOfMe(ann.token)).toBe(200);
  });

  it('ends the one that signs out', async () => {
    const ann = await newAccount();
    const { body: other } = await login(ann.tokens.user.username);
    const { status, body } = await ann.call('POST', '/auth/logout');
    expect([status, body]).toEqual([204, null]);
    expect(await statusOfMe(ann.token)).toBe(401);
    expect((await refresh(ann.tokens.refreshToken)).status).toBe(401);
    expect(await statusOfMe(other.accessToken)).toBe(200);
  });
});

describe('POST /auth/ws-tickets', () => {
  it('gives a ticket that opens one socket', async () => {
    const ann = await newAccount();
    const { status, body } = await ann.call<TicketView>('POST', '/auth/ws-tickets');
    expect(status).toBe(201);
    expect(body).toEqual({ ticket: expect.stringMatching(/^[\w-]{43}$/), expiresIn: 30 });
    const rows = await world.app.rows<{ hash: string }>('SELECT hash FROM ws_tickets');
    expect(rows.map(({ hash }) => hash)).not.toContain(body.ticket);
    const socket = await ann.open();
    expect((await socket.call('session.start', { ticket: body.ticket })).event).toBe('session.ready');
    const second = await ann.open();
    expect((await second.call('session.start', { ticket: body.ticket })).event).toBe('error');
    expect((await second.closing()).code).toBe(4103);
  });
});

describe('access tokens', () => {
  it.each([
    ['none', undefined],
    ['nonsense', 'Bearer nonsense'],
    ['one without its signature', 'unsigned'],
    ['a refresh token', 'refresh'],
    ['another scheme', 'Basic YW5uOmFubg=='],
  ])('refuses %s', async (_, kind) => {
    const ann = await newAccount();
    const unsigned = `Bearer ${ann.token.split('.').slice(0, 2).join('.')}.`;
    const known: Record<string, string> = { unsigned, refresh: `Bearer ${ann.tokens.refreshToken}` };
    const authorization = kind && (known[kind] ?? kind);
    const answer = await world.call('GET', '/users/me', { headers: authorization ? { authorization } : {} });
    expect(refusalOf(answer)).toEqual([401, 'UNAUTHORIZED']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe("an access token of one user for another's login", () => {
  it('is refused, though it is signed well', async () => {
    const [ann, bob] = await Promise.all([newAccount(), newAccount()]);
    const { sid } = JSON.parse(Buffer.from(ann.token.split('.')[1], 'base64url').toString());
    const sign = (userId: string) =>
      world.app.get(AccessTokens).sign(Principal.user(userId, sid, 'user'), { at: Date.now(), counter: 9 });
    expect(await statusOfMe(sign(ann.id))).toBe(200);
    expect(await statusOfMe(sign(bob.id))).toBe(401);
  });
});

describe('rates of requests with a token that is refused', () => {
  it('are those of the address', async () => {
    const limited = await World.create({
      LIMITS: 'on',
      LIMIT_REQUESTS_BURST: '3',
      LIMIT_REQUESTS_PER_SECOND: '1',
    });
    const now = Date.now();
    vi.spyOn(limited.app.get(Clock), 'now').mockImplementation(() => now);
    const ask = () => limited.call('GET', '/users/me', { token: 'nonsense' });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask()).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    await limited.stop();
  });
});

describe('rates of sign-in and registration', () => {
  let limited: World;
  let now = 1_800_000_000_000;

  beforeEach(async () => {
    limited = await World.create({
      LIMITS: 'on',
      LIMIT_LOGINS_PER_ACCOUNT_MINUTE: '3',
      LIMIT_LOGINS_PER_ADDRESS_MINUTE: '5',
      LIMIT_ACCOUNTS_PER_ADDRESS_HOUR: '4',
    });
    vi.spyOn(limited.app.get(Clock), 'now').mockImplementation(() => now);
  });
  afterEach(() => limited.stop());

  const tryLogin = (username: string) =>
    limited.call('POST', '/auth/login', { body: { username, password: 'not the password' } });
  const times = (count: number, work: () => Promise<Answer>) =>
    Array.from({ length: count }).reduce<Promise<number[]>>(
      async (before) => [...(await before), (await work()).status],
      Promise.resolve([]),
    );

  it('refuses one sign-in too many for an account, also with the right password, until time has passed', async () => {
    const ann = await limited.account('ann');
    expect(await times(3, () => tryLogin('ann'))).toEqual([401, 401, 401]);
    const body = { username: 'ANN', password: PASSWORD };
    const refused = await limited.call('POST', '/auth/login', { body });
    expect(refusalOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect(refused.body).toMatchObject({ retryable: true, retryAfterMs: 20_000 });
    expect(refused.headers.get('retry-after')).toBe('20');
    now += 20_000;
    const { status, body: tokens } = await limited.call<TokensView>('POST', '/auth/login', { body });
    expect([status, tokens.user.id]).toEqual([200, ann.id]);
  });

  it('counts tries by user name and by address for the one account that they are for', async () => {
    const body = { username: 'ann', password: PASSWORD, email: 'ann@example.org' };
    await limited.call('POST', '/auth/register', { body });
    const tries = [await tryLogin('ann'), await tryLogin('ann@example.org'), await tryLogin('Ann@Example.org')];
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await tryLogin('ann')).status).toBe(429);
    expect((await tryLogin('bob')).status).toBe(401);
  });

  it('refuses one sign-in too many from an address, whatever the accounts', async () => {
    let name = 0;
    expect(await times(5, () => tryLogin(`user${++name}`))).toEqual([401, 401, 401, 401, 401]);
    const refused = await tryLogin('user6');
    expect(refusalOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect(refused.headers.get('retry-after')).toBe('12');
  });

  it('refuses one account too many from an address, guests counted too', async () => {
    await limited.account('ann');
    expect(await times(3, () => limited.call('POST', '/auth/guest', { body: {} }))).toEqual([201, 201, 201]);
    const body = { username: 'bob', password: PASSWORD };
    const refused = await limited.call('POST', '/auth/register', { body });
    expect(refusalOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect(refused.headers.get('retry-after')).toBe('900');
    expect((await limited.call('POST', '/auth/guest', { body: {} })).status).toBe(429);
  });
});
