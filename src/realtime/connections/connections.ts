import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { Clock } from '../../common/clock.js';
import { Metrics } from '../../metrics/metrics.js';
import type { CloseReason } from '../../protocol/close-codes.js';
import type { ShownUser } from '../../users/user.view.js';
import { Connection, type Upgraded } from './connection.js';
import { WaitingRoom } from './waiting-room.js';

const NONE: ReadonlySet<Connection> = new Set();

/** Every connection of this node, by user and by address. */
@Injectable()
export class Connections {
  private readonly all = new Set<Connection>();
  private readonly byUser = new Map<string, Set<Connection>>();
  private readonly waiting: WaitingRoom;
  /** Called when a connection has started, with its user as he was read for it. */
  readonly onAdmitted: ((connection: Connection, user: ShownUser) => void)[] = [];
  /** Called when a connection that had started is gone. */
  readonly onGone: ((connection: Connection) => void)[] = [];

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.waiting = new WaitingRoom(config.limits, () => clock.now());
    metrics.watch(
      'chat_connections_count',
      'Sockets and streams of events that are open on this node.',
      () => this.all.size,
    );
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.all.values();
  }

  get size(): number {
    return this.all.size;
  }

  /** Whether one more connection of this network may wait for its start; a silent one may have to go for it. */
  makePlace(network: string): boolean {
    return this.waiting.makePlace(network);
  }

  open(upgraded: Upgraded): Connection {
    const connection = new Connection(upgraded, this.config.limits, () => this.clock.now());
    this.all.add(connection);
    this.waiting.add(connection);
    return connection;
  }

  /** Counts the connection to its user. Returns false when he has as many as he may. */
  bind(connection: Connection): boolean {
    const own = this.byUser.get(connection.userId) ?? new Set();
    if (own.size >= this.config.limits.connectionsPerUser) return false;
    this.byUser.set(connection.userId, own.add(connection));
    return true;
  }

  /** It is not the user's after all. */
  unbind(connection: Connection): void {
    const own = this.byUser.get(connection.userId);
    if (own?.delete(connection) && own.size === 0) this.byUser.delete(connection.userId);
  }

  /** It has started as this user's, and waits no more. */
  admit(connection: Connection, user: ShownUser): void {
    this.waiting.remove(connection);
    for (const listener of this.onAdmitted) listener(connection, user);
  }

  remove(connection: Connection): void {
    if (!this.all.delete(connection)) return;
    this.unbind(connection);
    this.waiting.remove(connection);
    if (connection.principal) for (const listener of this.onGone) listener(connection);
  }

  /** A user's connections on this node. */
  ofUser(userId: string): ReadonlySet<Connection> {
    return this.byUser.get(userId) ?? NONE;
  }

  /** Closes the connections of a user's logins. */
  endSessions(userId: string, sessionIds: readonly string[], reason: CloseReason): void {
    for (const connection of this.byUser.get(userId) ?? []) {
      if (connection.login && sessionIds.includes(connection.login.sessionId)) connection.close(reason);
    }
  }

  /** Notes of the connections of a login whether who uses them is away. */
  tellAway(userId: string, sessionId: string, isAway: boolean): void {
    for (const connection of this.byUser.get(userId) ?? []) {
      if (connection.login?.sessionId !== sessionId) continue;
      connection.isAway = isAway;
      connection.activeAt = this.clock.now();
    }
  }

  /** Closes all connections of a user. */
  endUser(userId: string, reason: CloseReason): void {
    for (const connection of this.byUser.get(userId) ?? []) connection.close(reason);
  }
}
