import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChatError } from '../../common/chat-error.js';
import { AppConfig } from '../../config/app-config.js';
import { PresenceService } from '../../presence/presence.service.js';
import type { Acks } from '../../protocol/commands.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { PresenceQueue } from './presence-queue.js';

const NOBODY: ReadonlySet<Connection> = new Set();

/** Whom connections watch, beside the friends of their users. */
@Injectable()
export class PresenceWatches implements OnModuleInit {
  private readonly watchers = new Map<string, Set<Connection>>();

  constructor(
    private readonly config: AppConfig,
    private readonly connections: Connections,
    private readonly presence: PresenceService,
    private readonly queue: PresenceQueue,
  ) {}

  onModuleInit(): void {
    this.connections.onAdmitted.push((connection) => this.admit(connection));
    this.connections.onGone.push((connection) => this.forget(connection));
  }

  /** The connections of this node that watch a user. */
  watchersOf(userId: string): ReadonlySet<Connection> {
    return this.watchers.get(userId) ?? NOBODY;
  }

  /**
   * Tells the connection of these users from now on. Returns how they are, those that exist.
   *
   * @throws ChatError `QUOTA_EXCEEDED` where it would watch too many; it then watches none of them
   */
  async watch(connection: Connection, userIds: readonly string[]): Promise<Acks['presence.watch']> {
    const watches = (connection.watches ??= new Set());
    const fresh = [...new Set(userIds)].filter((userId) => !watches.has(userId));
    if (watches.size + fresh.length > this.config.limits.presenceWatches) {
      throw new ChatError('QUOTA_EXCEEDED', { detail: 'This connection watches too many users.' });
    }
    // Before they are read, so that nothing falls in between.
    if (!connection.isClosing) for (const userId of fresh) this.add(connection, userId);
    return { items: await this.presence.list(connection.caller, userIds) };
  }

  /** Tells the connection no more of these users, unless they are its user's friends. */
  unwatch(connection: Connection, userIds: readonly string[]): Acks['presence.unwatch'] {
    for (const userId of userIds) if (connection.watches?.delete(userId)) this.remove(connection, userId);
    return {};
  }

  /** What `session.start` asks for is told with a snapshot behind it. */
  private admit(connection: Connection): void {
    for (const userId of connection.watches ?? []) {
      this.add(connection, userId);
      this.queue.add(connection, userId, true);
    }
  }

  private forget(connection: Connection): void {
    for (const userId of connection.watches ?? []) this.remove(connection, userId);
    this.queue.forget(connection);
  }

  private add(connection: Connection, userId: string): void {
    connection.watches?.add(userId);
    this.watchers.set(userId, (this.watchers.get(userId) ?? new Set()).add(connection));
  }

  private remove(connection: Connection, userId: string): void {
    this.queue.remove(connection, userId);
    const watchers = this.watchers.get(userId);
    if (watchers?.delete(connection) && watchers.size === 0) this.watchers.delete(userId);
  }
}
