import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principal } from '../../src/access/principal.js';
import { UsersService } from '../../src/users/users.service.js';
import { World } from '../support/world.js';

describe('the end of a login', () => {
  let world: World;
  let count = 0;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.stop());

  const account = () => world.account(`person${++count}`);
  const login = async (username: string, password = 'a fine long password') =>
    (await world.call('POST', '/auth/login', { body: { username, password } })).body;
  const status = async (token: string) => (await world.call('GET', '/users/me', { token })).status;

  it('refuses REST and closes 4200 when it is revoked from elsewhere; other logins stay', async () => {
    const ann = await account();
    const other = await login(ann.tokens.user.username);
    const socket = await ann.connect();
    const kept = await ann.open();
    await kept.call('session.start', { token: other.accessToken });
    const { body } = await world.call('GET', '/auth/sessions', { token: other.accessToken });
    const doomed = body.items.find((session: { current: boolean }) => !session.current);
    const revoked = await world.call('DELETE', `/auth/sessions/${doomed.id}`, { token: other.accessToken });
    expect(revoked.status).toBe(204);
    expect(await socket.closing()).toMatchObject({ code: 4200 });
    expect(socket.of('goodbye')[0].data).toMatchObject({ code: 4200, reconnect: false });
    expect(await status(ann.token)).toBe(401);
    expect(await status(other.accessToken)).toBe(200);
    expect((await kept.call('ping')).event).toBe('ack');
    const late = await ann.open();
    await late.call('session.start', { token: ann.token });
    expect(await late.closing()).toMatchObject({ code: 4200 });
  });

  it('comes with signing out', async () => {
    const ann = await account();
    const socket = await ann.connect();
    expect((await ann.call('POST', '/auth/logout')).status).toBe(204);
    expect(await socket.closing()).toMatchObject({ code: 4200 });
    expect(await status(ann.token)).toBe(401);
  });

  it('comes to all other logins with a changed password', async () => {
    const ann = await account();
    const other = await login(ann.tokens.user.username);
    const away = await ann.open();
    await away.call('session.start', { token: other.accessToken });
    const changed = await ann.call('POST', '/auth/password', {
      currentPassword: 'a fine long password',
      newPassword: 'another fine long password',
    });
    expect(changed.status).toBe(200);
    expect(await away.closing()).toMatchObject({ code: 4200 });
    expect(await status(other.accessToken)).toBe(401);
    expect(await status(changed.body.accessToken)).toBe(200);
  });

  it('comes with a refresh token that was used up', async () => {
    const ann = await account();
    const first = ann.tokens.refreshToken;
    const refresh = (refreshToken: string) => world.call('POST', '/auth/refresh', { body: { refreshToken } });
    const second = (await refresh(first)).body;
    await refresh(second.refreshToken);
    const socket = await ann.open();
    await socket.call('session.start', { token: second.accessToken });
    expect((await refresh(first)).status).toBe(401);
    expect(await socket.closing()).toMatchObject({ code: 4200 });
    expect(await status(second.accessToken)).toBe(401);
  });

  it('comes with a suspension, as 4201', async () => {
    const [ann, bob] = [await account(), await account()];
    const [socket, witness] = [await ann.connect(), await bob.connect()];
    await world.app.get(UsersService).suspend(Principal.system('test'), ann.id, 'rude');
    expect(await socket.closing()).toMatchObject({ code: 4201 });
    expect(await status(ann.token)).toBe(401);
    const late = await ann.open();
    await late.call('session.start', { token: ann.token });
    expect((await late.closing()).code).toBe(4201);
    expect((await witness.call('ping')).event).toBe('ack');
  });

  it('finds the sockets by itself when nobody rang', async () => {
    const ann = await account();
    const socket = await ann.connect();
    const { sub: _, sid } = JSON.parse(Buffer.from(ann.token.split('.')[1], 'base64url').toString());
    await world.app.rows('UPDATE sessions SET revokedAt = ?, reason = ? WHERE id = ?', [
      Date.now(),
      'SESSION_REVOKED',
      sid,
    ]);
    expect(await socket.closing()).toMatchObject({ code: 4200 });
  });
});

describe('an access token that ends', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ ACCESS_TOKEN_SECONDS: '5' });
  });
  afterAll(() => world.stop());

  it('is announced, and closes 4101 unless it is refreshed', { timeout: 20_000 }, async () => {
    const [ann, bob] = await world.users(2);
    const [refreshed, left] = [await ann.connect(), await bob.connect()];
    await refreshed.next('session.expiring');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const { body } = await world.call('POST', '/auth/refresh', { body: { refreshToken: ann.tokens.refreshToken } });
    expect((await refreshed.call('session.refresh', { token: body.accessToken })).event).toBe('ack');
    expect(await left.closing()).toMatchObject({ code: 4101 });
    expect((await refreshed.call('ping')).event).toBe('ack');
  });
});

describe('an ended login', () => {
  let narrow: World;
  beforeAll(async () => {
    narrow = await World.create({ LIMITS: 'on', LIMIT_CONNECTIONS_PER_USER: '2' });
  });
  afterAll(() => narrow.stop());

  it('leaves no place taken by those who come with the ended login and do not go', async () => {
    const ann = await narrow.account('ann');
    const body = { username: 'ann', password: 'a fine long password' };
    const { accessToken } = (await narrow.call('POST', '/auth/login', { body })).body;
    await ann.call('POST', '/auth/logout');
    const late = await Promise.all(Array.from({ length: 4 }, () => ann.open()));
    for (const socket of late) {
      // It reads nothing, so it does not answer the close either.
      socket.ws.pause();
      socket.send('session.start', { token: ann.token });
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const good = await ann.open();
    expect(await good.call('session.start', { token: accessToken })).toMatchObject({ event: 'session.ready' });
    for (const { ws } of ann.sockets) ws.terminate();
  });
});
