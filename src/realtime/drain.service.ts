import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { MessagesService } from '../messages/messages.service.js';
import type { Connection } from './connections/connection.js';
import { Connections } from './connections/connections.js';
import { Draining } from './draining.service.js';

/** Within this time every socket has had its `goodbye`. */
const GOODBYE_MS = 2000;
/** What a client may take to come back, beyond the goodbye. */
const SPREAD_MS = 5000;
const LOOK_MS = 20;

/** Sends everybody away in good order when the process is to end. */
@Injectable()
export class DrainService {
  constructor(
    private readonly connections: Connections,
    private readonly draining: Draining,
    private readonly messages: MessagesService,
  ) {}

  /**
   * Takes no more upgrades, finishes the commands that run, and closes every connection with 4000. Clients are told to
   * come back after different times, so that they do not all come at once.
   */
  async drain(deadlineMs: number): Promise<void> {
    this.draining.isDraining = true;
    const window = Math.min(GOODBYE_MS, deadlineMs);
    const connections = [...this.connections];
    await Promise.all(
      connections.map((connection, index) => this.close(connection, (index / connections.length) * SPREAD_MS, window)),
    );
    await this.messages.idle();
    for (let waited = 0; this.connections.size > 0 && waited < window; waited += LOOK_MS) await pause(LOOK_MS);
  }

  private async close(connection: Connection, retryAfterMs: number, windowMs: number): Promise<void> {
    await Promise.race([connection.commands?.finish(), pause(windowMs, undefined, { ref: false })]);
    connection.close('DRAINING', Math.round(retryAfterMs));
  }
}
