import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type Stop, every } from '../common/timers.js';
import { Reads } from '../database/reads.js';
import { EventHub } from '../events/event-hub.js';
import type { CloseReason } from '../protocol/close-codes.js';
import { Connections } from './connections/connections.js';

const LOOK_MS = 2000;
/** How far back each look goes: beyond the last one, for clocks of nodes that differ. */
const OVERLAP_MS = 30_000;

/**
 * The end of a login reaches its sockets: on the node that ended it before the answer leaves, on others by the user's
 * channel, and where that was lost by looking at what was revoked lately, one indexed query whatever the number of
 * connections.
 */
@Injectable()
export class SessionEnds implements OnModuleInit, OnModuleDestroy {
  private stop: Stop = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly hub: EventHub,
    private readonly connections: Connections,
    private readonly reads: Reads,
  ) {}

  onModuleInit(): void {
    this.hub.on('SessionsEnded', (ended) => this.connections.endSessions(ended.userId, ended.sessionIds, ended.reason));
    this.stop = every(LOOK_MS, 'realtime.sessionEnds', () => this.look());
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    const rows: { id: string; userId: string; reason: CloseReason }[] = await this.reads.query(
      'SELECT id, userId, reason FROM sessions WHERE revokedAt > ?',
      [this.clock.now() - LOOK_MS - OVERLAP_MS],
    );
    for (const { id, userId, reason } of rows) this.connections.endSessions(userId, [id], reason);
  }
}
