import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { MessageBus } from '../../bus/message-bus.js';
import { type Stop, every, pause } from '../../common/timers.js';
import { READS } from '../../database/data-source.js';
import { RoomViews } from '../../rooms/room-views.service.js';
import { RoomQueries } from '../../rooms/room.queries.js';
import { User } from '../../users/user.entity.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { type Frame, frameOf } from '../connections/frame.js';
import { ALL_ROOMS } from '../ready.queries.js';
import { RoomJoiner } from './room-joiner.js';
import { type NumberedNote, UserFeed, type UserFeedDuties } from './user-feed.js';
import { type UserNote, decodeNote, userChannel } from './user-note.js';

/** How often the private state of connected users is compared with the database. */
const COMPARE_MS = 10_000;
const COMPARE_USERS = 500;
/** How long a note may take from its commit to here before it counts as lost. */
const ON_ITS_WAY_MS = 1000;

/** The users who are connected to this node. */
@Injectable()
export class UserFeeds implements OnModuleDestroy {
  private readonly feeds = new Map<string, UserFeed>();
  /** The same for all: of these there are as many as users. */
  private readonly duties: UserFeedDuties = {
    carryOut: (feed, note) => this.carryOut(feed, note),
    onLost: (feed) => this.joinMissing(feed),
  };
  private readonly stop: Stop;

  constructor(
    private readonly bus: MessageBus,
    private readonly connections: Connections,
    private readonly joiner: RoomJoiner,
    private readonly rooms: RoomQueries,
    private readonly views: RoomViews,
    @InjectRepository(User, READS) private readonly users: Repository<User>,
  ) {
    this.stop = every(COMPARE_MS, 'realtime.compareUsers', () => this.compareUsers());
  }

  /** Begins to listen for the user's private events and holds them back for this connection. */
  async hold(connection: Connection): Promise<void> {
    if (connection.isClosing) return;
    connection.intake.hold('');
    const feed = this.open(connection.userId);
    feed.connections.add(connection);
    await feed.listening;
  }

  /** Says at which userRev the connection's picture of the user was read; events above it go to it from now on. */
  settle(connection: Connection, userRev: number): void {
    if (connection.isClosing) return;
    connection.userRev = userRev;
    this.open(connection.userId).start(userRev);
    connection.intake.release('', userRev);
  }

  leave(connection: Connection): void {
    const feed = this.feeds.get(connection.userId);
    feed?.connections.delete(connection);
    if (!feed || feed.connections.size > 0) return;
    feed.close();
    this.feeds.delete(connection.userId);
  }

  onModuleDestroy(): void {
    this.stop();
    for (const feed of this.feeds.values()) feed.close();
  }

  private open(userId: string): UserFeed {
    const known = this.feeds.get(userId);
    if (known) return known;
    const listening = this.bus.subscribe(userChannel(userId), (message) => this.receive(feed, decodeNote(message)));
    const feed: UserFeed = new UserFeed(userId, listening, this.duties);
    this.feeds.set(userId, feed);
    return feed;
  }

  private receive(feed: UserFeed, note: UserNote): void {
    if (note.type === 'ended') this.connections.endSessions(feed.userId, note.sessionIds, note.reason);
    else if (note.type === 'away') this.connections.tellAway(feed.userId, note.sessionId, note.isAway);
    else feed.receive(note);
  }

  private async carryOut(feed: UserFeed, note: NumberedNote): Promise<void> {
    if (note.type === 'added') {
      await this.addToRoom(feed, note);
      return;
    }
    const { userRev, event, data, left } = note;
    const frame = privateFrame(userRev, event, data);
    for (const connection of feed.connections) {
      if (left) await this.leaveRoom(connection, left.roomId, userRev);
      connection.deliver(frame);
    }
  }

  /**
   * Nothing of the room may come behind `room.gone`: neither what is still on its way through the room's feed, nor what
   * a handshake lets through that has seen him come back; the note of that joining is behind this one.
   */
  private async leaveRoom(connection: Connection, roomId: string, userRev: number): Promise<void> {
    await connection.started;
    if (connection.userRev < userRev) this.joiner.leave(connection, roomId);
  }

  /**
   * `room.added` says where the room stood before he came; his own joining and all after it follow as frames. Where he has
   * left meanwhile, the number is told all the same, without its news: clients count them.
   */
  private async addToRoom(feed: UserFeed, note: Extract<UserNote, { type: 'added' }>): Promise<void> {
    const { roomId, userRev, joinedRev } = note;
    const before = Math.max(joinedRev - 1, 0);
    const view = await this.views.findOfUser(feed.userId, roomId);
    const skipped = privateFrame(userRev, 'user.skip', {});
    const added = view ? privateFrame(userRev, 'room.added', { ...view, headRev: before }) : null;
    const since = () => before;
    for (const connection of feed.connections) {
      // A room that comes during the handshake is joined behind it, unless the handshake knows of it already.
      await connection.started;
      if (!connection.principal || connection.userRev >= userRev) continue;
      let isTold = false;
      const onHead = () => {
        isTold = true;
        if (added) connection.deliver(added);
      };
      // Where he came back, that is told by a note of its own.
      if (added) await this.joiner.join(connection, roomId, { joinedRev, since, onHead });
      if (!isTold) connection.deliver(skipped);
    }
  }

  private async compareUsers(): Promise<void> {
    for (const feed of this.feeds.values()) if (!feed.isWhole) feed.repair();
    const ids = [...this.feeds.keys()];
    for (let i = 0; i < ids.length; i += COMPARE_USERS) {
      const users = await this.users.findBy({ id: In(ids.slice(i, i + COMPARE_USERS)) });
      for (const { id, status } of users.filter((user) => user.status !== 'active')) {
        this.connections.endUser(id, status === 'suspended' ? 'SUSPENDED' : 'SESSION_REVOKED');
      }
      await this.catchUp(users);
    }
  }

  private async catchUp(users: readonly User[]): Promise<void> {
    const behind = users.filter((user) => this.feeds.get(user.id)?.isBehind(user.rev));
    // What was committed a moment ago is still on its way.
    if (behind.length > 0) await pause(ON_ITS_WAY_MS);
    for (const { id, rev } of behind) if (this.feeds.get(id)?.isBehind(rev)) this.feeds.get(id)?.skipTo(rev);
  }

  /** Brings a user's connections into the rooms that he is a member of and that they do not listen to. */
  private async joinMissing({ userId, connections }: UserFeed): Promise<void> {
    const heads = await this.rooms.headsOfUser(userId, ALL_ROOMS);
    for (const connection of connections) {
      await connection.started;
      for (const { roomId } of heads) await this.joinIfMissing(connection, roomId);
    }
  }

  private async joinIfMissing(connection: Connection, roomId: string): Promise<void> {
    if (!connection.principal || this.joiner.isIn(connection, roomId)) return;
    await this.joiner.join(connection, roomId, { since: (head) => Number(head.headRev) });
  }
}

const privateFrame = (userRev: number, event: string, data: object): Frame =>
  frameOf(JSON.stringify({ event, userRev, data }), { kind: 'private', rev: userRev });
