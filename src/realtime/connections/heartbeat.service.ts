import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, toTime } from '../../common/clock.js';
import { type Stop, every } from '../../common/timers.js';
import { AppConfig } from '../../config/app-config.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import { type Frame, ephemeralFrame } from './frame.js';

const SWEEP_MS = 1000;
/** How long before its end a client is told that its token ends. */
const EXPIRY_NOTICE_MS = 60_000;

/**
 * Looks at every connection once a second: one timer for all, whatever their number. Says heartbeats, finds dead peers,
 * late starters, ended tokens and readers that are too slow.
 */
@Injectable()
export class HeartbeatService implements OnModuleInit, OnModuleDestroy {
  private stop: Stop = () => undefined;
  private readonly heartbeat: Frame = ephemeralFrame('heartbeat', {});

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly connections: Connections,
  ) {}

  onModuleInit(): void {
    this.stop = every(SWEEP_MS, 'realtime.heartbeat', () => this.sweep());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private sweep(): void {
    const now = this.clock.now();
    const { startWithinMs, messageWithinMs } = this.config.limits;
    for (const connection of this.connections) {
      if (connection.isClosing) continue;
      if (connection.arrivals.unfinishedMs(now) > messageWithinMs) {
        connection.close('PROTOCOL_ERROR');
        continue;
      }
      if (connection.principal) this.checkStarted(connection, now);
      else if (now - connection.openedAt > startWithinMs) connection.close('START_TIMEOUT');
    }
  }

  private checkStarted(connection: Connection, now: number): void {
    const { silenceMs, queueFullMs } = this.config.limits;
    const { fullSince } = connection.outbound;
    if (now >= connection.expiresAt) return connection.close('TOKEN_EXPIRED');
    if (connection.silentMs > silenceMs) return connection.close('HEARTBEAT_TIMEOUT');
    if (fullSince > 0 && now - fullSince > queueFullMs) return connection.close('SLOW_CONSUMER');
    this.tellExpiry(connection, now);
    this.beat(connection, now);
  }

  private tellExpiry(connection: Connection, now: number): void {
    if (connection.isExpiryTold || connection.expiresAt - now > EXPIRY_NOTICE_MS) return;
    connection.isExpiryTold = true;
    connection.push(ephemeralFrame('session.expiring', { expiresAt: toTime(connection.expiresAt) }));
  }

  /** A client that only listens in a busy room sends nothing; the ping of the protocol makes it show that it lives. */
  private beat(connection: Connection, now: number): void {
    const { heartbeatMs } = this.config.limits;
    if (now - connection.outbound.lastWriteAt >= heartbeatMs) connection.push(this.heartbeat);
    if (now - connection.lastPingAt < heartbeatMs) return;
    connection.lastPingAt = now;
    connection.upgraded.webSocket.ping();
  }
}
