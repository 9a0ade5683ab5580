import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NearConnection } from '../../../test/support/wire.js';
import type { Clock } from '../../common/clock.js';
import { newId } from '../../common/id.js';
import type { AppConfig } from '../../config/app-config.js';
import { Metrics } from '../../metrics/metrics.js';
import { LastSeenService } from '../../presence/last-seen.service.js';
import { MemoryPresenceStore } from '../../presence/memory-presence-store.js';
import { PresenceNews } from '../../presence/presence-news.service.js';
import { DEFAULT_LIMITS } from '../../protocol/limits.js';
import type { User } from '../../users/user.entity.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { PresenceLeases } from './presence-leases.service.js';

const START = 1_800_000_000_000;
const { presenceGraceMs, awayAfterMs, silenceMs } = DEFAULT_LIMITS;

describe('PresenceLeases', () => {
  const clock = { now: () => Date.now() } as Clock;
  let connections: Connections;
  let store: MemoryPresenceStore;
  let news: PresenceNews;
  let leases: PresenceLeases;
  let ann: string;

  beforeEach(async () => {
    vi.useFakeTimers({ now: START, toFake: ['Date'] });
    const config = { limits: DEFAULT_LIMITS } as unknown as AppConfig;
    connections = new Connections(config, clock, new Metrics());
    store = new MemoryPresenceStore(clock);
    news = new PresenceNews();
    const lastSeen = new LastSeenService(config, clock, {} as never, {} as never, store);
    leases = new PresenceLeases(config, clock, connections, store, news, lastSeen);
    await leases.onModuleInit();
    ann = newId();
  });
  afterEach(() => vi.useRealTimers());

  /** A connection that has started, as far as presence is concerned. */
  async function come(presence: User['presence'] = null, userId = ann): Promise<Connection> {
    const { webSocket, socket } = new NearConnection(userId).connection.upgraded;
    const connection = connections.open({ webSocket, socket, network: '127.0.0.1', bearer: null });
    const { login, principal } = new NearConnection(userId).connection;
    Object.assign(connection, { login, principal });
    connections.bind(connection);
    connections.admit(connection, { id: userId, presence, rev: 1 } as User);
    await settled();
    return connection;
  }
  async function go(connection: Connection, reason?: Connection['closeReason']): Promise<void> {
    connection.closeReason = reason ?? null;
    connections.remove(connection);
    await settled();
  }
  const settled = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const state = async () => (await store.read([ann])).get(ann)?.state ?? 'offline';
  /** Time goes by, and the second with which it ends. */
  async function pass(ms: number): Promise<readonly string[]> {
    vi.setSystemTime(Date.now() + ms);
    await leases.pulse();
    return news.take().userIds;
  }
  const use = (connection: Connection) => (connection.activeAt = Date.now());

  it('shows who comes at once, and tells of it once', async () => {
    await come();
    expect([await state(), await pass(1000), await pass(1000)]).toEqual(['online', [ann], []]);
  });

  it('shows who has gone up to the grace, and no longer', async () => {
    const connection = await come();
    news.take();
    await go(connection);
    expect([await pass(presenceGraceMs - 1), await state()]).toEqual([[], 'online']);
    expect([await pass(1), await state()]).toEqual([[ann], 'offline']);
  });

  it('tells nothing at all of who comes back within the grace, again and again', async () => {
    let connection = await come();
    news.take();
    for (let i = 0; i < 10; i++) {
      await go(connection);
      expect(await pass(10_000)).toEqual([]);
      connection = await come();
      expect(await pass(1000)).toEqual([]);
    }
  });

  it('shows a peer that has vanished as offline when its silence is over, without a grace on top', async () => {
    const connection = await come();
    news.take();
    vi.setSystemTime(START + silenceMs + 1);
    await go(connection, 'HEARTBEAT_TIMEOUT');
    expect([await state(), await pass(1000)]).toEqual(['offline', [ann]]);
  });

  it('does not wait for a connection that is closing', async () => {
    const connection = await come();
    news.take();
    vi.setSystemTime(START + silenceMs + 1);
    connection.close('HEARTBEAT_TIMEOUT');
    expect([await pass(0), await state()]).toEqual([[ann], 'offline']);
    await go(connection, 'HEARTBEAT_TIMEOUT');
    expect(await pass(1000)).toEqual([]);
  });

  it('takes nobody as here for a connection whose start then fails', async () => {
    const first = await come();
    const { webSocket, socket } = new NearConnection(ann).connection.upgraded;
    const second = connections.open({ webSocket, socket, network: '127.0.0.1', bearer: null });
    second.login = first.login;
    connections.bind(second);
    await go(first);
    connections.unbind(second);
    second.login = null;
    connections.remove(second);
    await pass(presenceGraceMs);
    expect([await pass(1000), await state()]).toEqual([[], 'offline']);
  });

  it('does not take as here who says that he is away when his connection is gone', async () => {
    const connection = await come();
    await go(connection);
    leases.tellAway(connection, true);
    await pass(presenceGraceMs);
    expect(await state()).toBe('offline');
  });

  it('shows who has signed out, or was suspended, as offline at once', async () => {
    for (const reason of ['SESSION_REVOKED', 'SUSPENDED'] as const) {
      await go(await come(), reason);
      expect(await state()).toBe('offline');
      await pass(1000);
    }
  });

  it('shows who does nothing as away from the limit on, and no earlier', async () => {
    const connection = await come();
    news.take();
    use(connection);
    expect([await pass(awayAfterMs - 1), await state()]).toEqual([[], 'online']);
    expect([await pass(1), await state()]).toEqual([[ann], 'away']);
    use(connection);
    expect([await pass(1000), await state()]).toEqual([[ann], 'online']);
  });

  it('shows who has come and done nothing since as away after as long', async () => {
    await come();
    news.take();
    expect([await pass(awayAfterMs), await state()]).toEqual([[ann], 'away']);
  });

  it('shows who was away and has lost his connection as away when he is back, until he does something', async () => {
    const before = await come();
    leases.tellAway(before, true);
    expect([await pass(1000), await state()]).toEqual([[ann], 'away']);
    await go(before);
    await pass(5000);
    const connection = await come();
    expect([await pass(1000), await state()]).toEqual([[], 'away']);
    use(connection);
    expect([await pass(1000), await state()]).toEqual([[ann], 'online']);
  });

  it('holds to what the client says of who uses it, whatever else it sends', async () => {
    const connection = await come();
    leases.tellAway(connection, true);
    use(connection);
    await pass(1000);
    expect(await state()).toBe('away');
    leases.tellAway(connection, false);
    await pass(1000);
    expect(await state()).toBe('online');
  });

  it('merges several devices', async () => {
    const [phone, laptop] = [await come(), await come()];
    leases.tellAway(phone, true);
    await pass(1000);
    expect(await state()).toBe('online');
    await go(laptop);
    expect([await state(), await pass(1000)]).toEqual(['away', [ann]]);
    await come();
    expect([await state(), await pass(1000)]).toEqual(['online', [ann]]);
    await go(phone);
    expect([await state(), await pass(60_000)]).toEqual(['online', []]);
  });

  it('tells nobody of anything that somebody invisible does', async () => {
    const connection = await come('invisible');
    expect([await state(), await pass(1000)]).toEqual(['invisible', []]);
    leases.tellAway(connection, true);
    await pass(1000);
    await go(connection);
    expect([await pass(presenceGraceMs), await pass(1000)]).toEqual([[], []]);
  });

  it('says everything again when its own lease had ended', async () => {
    await come();
    news.take();
    vi.setSystemTime(START + 3_600_000);
    expect(await store.sweep()).toEqual([ann]);
    await leases.pulse();
    await settled();
    expect(await state()).not.toBe('offline');
  });

  it('is told of thousands in one batch, and keeps nothing of those who have gone', async () => {
    const batches: number[] = [];
    const put = store.put.bind(store);
    vi.spyOn(store, 'put').mockImplementation((nodeId, some) => {
      batches.push(some.length);
      return put(nodeId, some);
    });
    const ids = Array.from({ length: 3000 }, () => newId());
    const all = await Promise.all(ids.map((userId) => come(null, userId)));
    expect(batches.length).toBeLessThan(20);
    expect(await pass(1000)).toHaveLength(3000);
    await Promise.all(all.map((connection) => go(connection)));
    expect(await pass(presenceGraceMs)).toHaveLength(3000);
    expect(await store.count()).toBe(0);
  });
});
