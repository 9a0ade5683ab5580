import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { Clock } from '../common/clock.js';
import { Metrics } from '../metrics/metrics.js';
import type { CloseReason } from '../protocol/close-codes.js';
import { Connection, type Upgraded } from './connection.js';

/** Every connection of this node, by user and by address. */
@Injectable()
export class Connections {
  private readonly all = new Set<Connection>();
  private readonly byUser = new Map<string, Set<Connection>>();
  /** Connections that have not started, by address. */
  private readonly waiting = new Map<string, number>();

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.all.values();
  }

  get size(): number {
    return this.all.size;
  }

  /** Whether one more connection of this address may wait for its start. */
  hasPlace(address: string): boolean {
    return (this.waiting.get(address) ?? 0) < this.config.limits.connectionsPerAddress;
  }

  open(upgraded: Upgraded): Connection {
    const connection = new Connection(upgraded, this.config.limits, () => this.clock.now());
    this.all.add(connection);
    this.waiting.set(upgraded.address, (this.waiting.get(upgraded.address) ?? 0) + 1);
    this.metrics.connections.set(this.all.size);
    return connection;
  }

  /** Counts the connection to its user. Returns false when he has as many as he may. */
  bind(connection: Connection): boolean {
    const own = this.byUser.get(connection.userId) ?? new Set();
    if (own.size >= this.config.limits.connectionsPerUser) return false;
    this.byUser.set(connection.userId, own.add(connection));
    this.stopWaiting(connection);
    return true;
  }

  remove(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    const own = this.byUser.get(connection.userId);
    if (own?.delete(connection)) {
      if (own.size === 0) this.byUser.delete(connection.userId);
    } else {
      this.stopWaiting(connection);
    }
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

  private stopWaiting(connection: Connection): void {
    const { address } = connection.upgraded;
    const left = (this.waiting.get(address) ?? 1) - 1;
    if (left > 0) this.waiting.set(address, left);
    else this.waiting.delete(address);
  }
}
