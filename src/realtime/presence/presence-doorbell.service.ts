import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MessageBus, type Unsubscribe } from '../../bus/message-bus.js';
import { FriendsQueries } from '../../friends/friends.queries.js';
import { type News, PresenceNews } from '../../presence/presence-news.service.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { PresenceQueue } from './presence-queue.js';
import { PresenceWatches } from './presence-watches.service.js';

/** The bus channel on which each node tells once a second what its users and their friends see differently. */
const CHANNEL = 'presence';
/** Users in one message of the bus. */
const MESSAGE_USERS = 1000;

/**
 * From news to whom it is told: those who watch the user, and his friends. Friends are looked up for all who have changed
 * or come at once, so that being somebody's friend costs a connection nothing until something is to be told.
 */
@Injectable()
export class PresenceDoorbell implements OnModuleInit, OnModuleDestroy {
  private changed = new Set<string>();
  private pairs: (readonly [string, string])[] = [];
  /** Connections whose friends have not been told of yet. */
  private newcomers = new Set<Connection>();
  private stop: Unsubscribe = () => undefined;

  constructor(
    private readonly bus: MessageBus,
    private readonly connections: Connections,
    private readonly friends: FriendsQueries,
    private readonly news: PresenceNews,
    private readonly watches: PresenceWatches,
    private readonly queue: PresenceQueue,
  ) {}

  async onModuleInit(): Promise<void> {
    this.connections.onAdmitted.push((connection) => void this.newcomers.add(connection));
    this.connections.onGone.push((connection) => void this.newcomers.delete(connection));
    this.stop = await this.bus.subscribe(CHANNEL, (message) => this.hear(JSON.parse(message) as News));
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /** Tells all nodes, this one too, what is new since the last call. */
  ring(): void {
    const { userIds, pairs } = this.news.take();
    for (let i = 0; i < userIds.length; i += MESSAGE_USERS) {
      this.bus.publish(CHANNEL, JSON.stringify({ userIds: userIds.slice(i, i + MESSAGE_USERS), pairs: [] }));
    }
    if (pairs.length > 0) this.bus.publish(CHANNEL, JSON.stringify({ userIds: [], pairs }));
  }

  /** Queues what has been heard for the connections that it is told to. */
  async answer(): Promise<void> {
    const { changed, newcomers, pairs } = this;
    const ids = [...changed, ...[...newcomers].map(({ userId }) => userId), ...pairs.flat()];
    if (ids.length === 0) return;
    [this.changed, this.newcomers, this.pairs] = [new Set(), new Set(), []];
    const friends = await this.friends.friendsOfAll([...new Set(ids)]).catch((error: unknown) => {
      // Nothing has been told: the next second tries again.
      this.takeBack({ changed, newcomers, pairs });
      throw error;
    });
    const friendsOf = (userId: string) => friends.get(userId) ?? [];
    for (const userId of changed) this.tellOf(userId, friendsOf(userId));
    for (const connection of newcomers) this.welcome(connection, friendsOf(connection.userId));
    for (const [a, b] of pairs) {
      const areFriends = friendsOf(a).includes(b);
      this.tellAnew(a, b, areFriends);
      this.tellAnew(b, a, areFriends);
    }
  }

  private takeBack(taken: {
    readonly changed: ReadonlySet<string>;
    readonly newcomers: ReadonlySet<Connection>;
    readonly pairs: readonly (readonly [string, string])[];
  }): void {
    for (const userId of taken.changed) this.changed.add(userId);
    for (const connection of taken.newcomers) if (!connection.isClosing) this.newcomers.add(connection);
    this.pairs.push(...taken.pairs);
  }

  private tellOf(userId: string, friendIds: readonly string[]): void {
    for (const connection of this.watches.watchersOf(userId)) this.queue.add(connection, userId);
    for (const friendId of friendIds) {
      for (const connection of this.connections.ofUser(friendId)) this.queue.add(connection, userId);
    }
  }

  private welcome(connection: Connection, friendIds: readonly string[]): void {
    if (connection.isClosing) return;
    for (const friendId of friendIds) this.queue.add(connection, friendId, true);
  }

  private tellAnew(viewerId: string, userId: string, areFriends: boolean): void {
    for (const connection of this.connections.ofUser(viewerId)) {
      if (areFriends || connection.watches?.has(userId)) this.queue.add(connection, userId, true);
    }
  }

  private hear({ userIds, pairs }: News): void {
    for (const userId of userIds) this.changed.add(userId);
    this.pairs.push(...pairs);
  }
}
