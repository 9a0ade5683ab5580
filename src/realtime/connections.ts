import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { Clock } from '../common/clock.js';
import { Metrics } from '../metrics/metrics.js';
import type { CloseReason } from '../protocol/close-codes.js';
import { Connection, type Upgraded } from './connection.js';
import { WaitingRoom } from './waiting-room.js';

/** Every connection of this node, by user and by address. */
@Injectable()
export class Connections {
  private readonly all = new Set<Connection>();
  private readonly byUser = new Map<string, Set<Connection>>();
  private readonly waiting: WaitingRoom;

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.waiting = new WaitingRoom(config.limits, () => clock.now());
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.all.values();
  }

  get size(): number {
    return this.all.size;
  }

  /** Whether one more connection of this address may wait for its start; a silent one may have to go for it. */
  makePlace(address: string): boolean {
    return this.waiting.makePlace(address);
  }

  open(upgraded: Upgraded): Connection {
    const connection = new Connection(upgraded, this.config.limits, () => this.clock.now());
    this.all.add(connection);
    this.waiting.add(connection);
    this.metrics.connections.set(this.all.size);
    return connection;
  }

  /** Counts the connection to its user. Returns false when he has as many as he may. */
  bind(connection: Connection): boolean {
    const own = this.byUser.get(connection.userId) ?? new Set();
    if (own.size >= this.config.limits.connectionsPerUser) return false;
    this.byUser.set(connection.userId, own.add(connection));
    this.waiting.remove(connection);
    return true;
  }

  remove(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    const own = this.byUser.get(connection.userId);
    if (own?.delete(connection) && own.size === 0) this.byUser.delete(connection.userId);
    this.waiting.remove(connection);
    this.metrics.connections.set(this.all.size);
  }

  /** Closes the connections of a user's logins. */
  endSessions(userId: string, sessionIds: readonly string[], reason: CloseReason): void {
    for (const connection of this.byUser.get(userId) ?? []) {
      if (connection.principal && sessionIds.includes(connection.principal.sessionId)) connection.close(reason);
    }
  }

  /** Closes all connections of a user. */
  endUser(userId: string, reason: CloseReason): void {
    for (const connection of this.byUser.get(userId) ?? []) connection.close(reason);
  }
}
