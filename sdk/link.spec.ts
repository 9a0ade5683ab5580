import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeServer, problemOf } from './testing/fake-server.js';
import { addressOf, online, watch } from './testing/start.js';

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
});
afterEach(() => vi.useRealTimers());

describe('the connection', () => {
  it('tells connecting, online, away, connecting, online', async () => {
    const watched = await online(server);
    server.cut();
    await vi.advanceTimersByTimeAsync(2000);
    expect(watched.states.map(({ state }) => state)).toEqual(['connecting', 'online', 'away', 'connecting', 'online']);
  });

  it('notices silence within 45 s and comes back', async () => {
    await online(server);
    for (const socket of server.sockets) socket.isDead = true;
    await vi.advanceTimersByTimeAsync(33_000);
    expect(server.starts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.starts).toHaveLength(2);
  });

  it('stays, and pings, as long as the server sends heartbeats', async () => {
    const watched = await online(server);
    await vi.advanceTimersByTimeAsync(255_000);
    expect(server.starts).toHaveLength(1);
    expect(server.commands.filter(({ event }) => event === 'ping')).toHaveLength(10);
    expect(watched.errors).toEqual([]);
  });

  it('comes back to a server that is draining when that asked for it', async () => {
    const watched = await online(server);
    server.cut(4000, { reason: 'DRAINING', retryAfterMs: 3000 });
    await vi.advanceTimersByTimeAsync(2900);
    expect(watched.states.at(-1)).toMatchObject({ state: 'away', retryInMs: 3000 });
    await vi.advanceTimersByTimeAsync(200);
    expect(watched.states.at(-1)).toEqual({ state: 'online' });
  });

  it('renews its token before it comes back from 4101', async () => {
    await online(server);
    expect(server.refreshes).toBe(1);
    server.cut(4101, { reason: 'TOKEN_EXPIRED' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.refreshes).toBe(2);
    expect(server.starts.map(({ token }) => token)).toEqual(['a1', 'a2']);
  });

  it('stops on 4202 and keeps the login', async () => {
    const watched = await online(server);
    server.cut(4202, { reason: 'REPLACED' });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(watched.states.at(-1)).toEqual({ state: 'stopped', code: 4202, reason: 'REPLACED' });
    expect([server.starts.length, watched.client.hasLogin]).toEqual([1, true]);
  });

  it('stops and signs out on 4200', async () => {
    const watched = await online(server);
    const reasons: string[] = [];
    watched.client.on('signedOut', ({ message }) => reasons.push(message));
    server.cut(4200, { reason: 'SESSION_REVOKED' });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(reasons).toEqual(['SESSION_REVOKED']);
    expect([watched.client.hasLogin, watched.client.user, watched.client.rooms.size]).toEqual([false, null, 0]);
  });

  it('signs out when the login cannot be renewed', async () => {
    const refusing: typeof fetch = (url, init) =>
      addressOf(url).endsWith('/auth/refresh')
        ? Promise.resolve(new Response(JSON.stringify(problemOf('UNAUTHORIZED')), { status: 401 }))
        : server.fetch(url, init);
    const watched = watch(server, { fetch: refusing });
    const connected = watched.client.connect();
    await expect(connected).rejects.toThrow('UNAUTHORIZED');
    expect(watched.client.hasLogin).toBe(false);
  });

  it('goes on trying while the server is away, at most every 30 s, and at once when woken', async () => {
    const watched = watch(server);
    server.isReachable = false;
    void watched.client.connect();
    await vi.advanceTimersByTimeAsync(600_000);
    const attempts = watched.states.filter(({ state }) => state === 'away').length;
    expect(attempts).toBeGreaterThan(20);
    for (const status of watched.states) if (status.state === 'away') expect(status.retryInMs).toBeLessThan(30_000);
    server.isReachable = true;
    watched.client.wake();
    await vi.advanceTimersByTimeAsync(50);
    expect(watched.states.at(-1)).toEqual({ state: 'online' });
  });

  it('takes a newer token in place when the old one expires', async () => {
    await online(server);
    server.broadcast({ event: 'session.expiring', data: { expiresAt: '2026-01-01T00:00:00.000Z' } });
    await vi.advanceTimersByTimeAsync(50);
    expect(server.commands.at(-1)).toMatchObject({ event: 'session.refresh', data: { token: 'a2' } });
    expect(server.starts).toHaveLength(1);
  });

  it('comes back after a refused start', async () => {
    let refusals = 0;
    server.fault = ({ event }) => (event === 'session.start' && refusals++ < 2 ? problemOf('UNAVAILABLE') : null);
    const watched = watch(server);
    const connected = watched.client.connect();
    await vi.advanceTimersByTimeAsync(10_000);
    await connected;
    expect(watched.errors).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  });

  it('does nothing any more once it is closed', async () => {
    const watched = await online(server);
    watched.client.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(watched.states.at(-1)).toEqual({ state: 'stopped', code: 1000, reason: 'closed' });
    expect([server.sockets.size, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
