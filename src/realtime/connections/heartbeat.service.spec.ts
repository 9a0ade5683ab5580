import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../common/clock.js';
import type { AppConfig } from '../../config/app-config.js';
import { DEFAULT_LIMITS } from '../../protocol/limits.js';
import type { Connection } from './connection.js';
import type { Connections } from './connections.js';
import { HeartbeatService } from './heartbeat.service.js';

const START = 1_800_000_000_000;
const { startWithinMs, messageWithinMs, silenceMs, queueFullMs, heartbeatMs } = DEFAULT_LIMITS;

describe('HeartbeatService', () => {
  const clock = { now: () => Date.now() } as Clock;
  let service: HeartbeatService;
  let connections: Connection[];

  beforeEach(() => {
    vi.useFakeTimers({ now: START });
    connections = [];
    const config = { limits: DEFAULT_LIMITS } as unknown as AppConfig;
    service = new HeartbeatService(config, clock, connections as unknown as Connections);
    service.onModuleInit();
  });
  afterEach(() => {
    service.onModuleDestroy();
    vi.useRealTimers();
  });

  /** A connection of which only this is remarkable, after one look of the service. */
  async function seen(facts: object, { outbound = {}, principal = {} as object | null } = {}) {
    const ends: string[] = [];
    const pushed: unknown[] = [];
    const connection = {
      principal,
      openedAt: START,
      expiresAt: Infinity,
      lastPingAt: Infinity,
      silentMs: 0,
      arrivals: { unfinishedMs: () => 0 },
      outbound: { fullSince: 0, lastWriteAt: Infinity, ...outbound },
      upgraded: { webSocket: { ping: () => ends.push('ping') } },
      close: (reason: string) => ends.push(reason),
      push: (frame: unknown) => pushed.push(frame),
      ...facts,
    };
    connections.push(connection as unknown as Connection);
    await vi.advanceTimersByTimeAsync(1000);
    return [...ends, ...pushed.map(() => 'heartbeat')];
  }

  /** The service looks a second after the start. */
  const ago = (ms: number) => START + 1000 - ms;

  it('bears one that has not started up to the limit, and no longer', async () => {
    const unstarted = { principal: null };
    expect(await seen({ openedAt: ago(startWithinMs) }, unstarted)).toEqual([]);
    connections.splice(0);
    vi.setSystemTime(START);
    expect(await seen({ openedAt: ago(startWithinMs + 1) }, unstarted)).toEqual(['START_TIMEOUT']);
  });

  it.each([
    ['silence', { silentMs: silenceMs }, { silentMs: silenceMs + 1 }, 'HEARTBEAT_TIMEOUT'],
    [
      'an unfinished message',
      { arrivals: { unfinishedMs: () => messageWithinMs } },
      { arrivals: { unfinishedMs: () => messageWithinMs + 1 } },
      'PROTOCOL_ERROR',
    ],
    ['a token', { expiresAt: START + 1001, isExpiryTold: true }, { expiresAt: START + 1000 }, 'TOKEN_EXPIRED'],
  ])('bears %s up to its limit, and no longer', async (_, within, past, reason) => {
    expect(await seen(within)).toEqual([]);
    connections.splice(0);
    vi.setSystemTime(START);
    expect(await seen(past)).toEqual([reason]);
  });

  it('bears a full queue up to its limit, and no longer', async () => {
    expect(await seen({}, { outbound: { fullSince: ago(queueFullMs) } })).toEqual([]);
    connections.splice(0);
    vi.setSystemTime(START);
    expect(await seen({}, { outbound: { fullSince: ago(queueFullMs + 1) } })).toEqual(['SLOW_CONSUMER']);
  });

  it('beats and pings when it has been quiet for as long as the limit says, not before', async () => {
    const quiet = (ms: number) => seen({ lastPingAt: ago(ms) }, { outbound: { lastWriteAt: ago(ms) } });
    expect(await quiet(heartbeatMs - 1)).toEqual([]);
    connections.splice(0);
    vi.setSystemTime(START);
    expect(await quiet(heartbeatMs)).toEqual(['ping', 'heartbeat']);
  });
});
