import { setImmediate as turn } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Principal } from '../../access/principal.js';
import { MessageBus } from '../../bus/message-bus.js';
import { type Stop, every } from '../../common/timers.js';
import { ChangesService } from '../../messages/changes.service.js';
import type { RoomChange } from '../../events/chat-events.js';
import { Metrics } from '../../metrics/metrics.js';
import { firstVisibleRev } from '../../rooms/history-access.js';
import { type MemberHead, RoomQueries } from '../../rooms/room.queries.js';
import type { Connection } from '../connections/connection.js';
import { READ_PAGE, type ReadStretch, RoomFeed } from './room-feed.js';
import { decodeAside, isAside } from './room-aside.js';
import { decodeLines, roomChannel, toLine } from './room-line.js';

/** How often the heads of open rooms are compared with the database: a lost doorbell costs at most this. */
const COMPARE_MS = 2000;
const COMPARE_ROOMS = 500;

/** The rooms that this node has open: those of its connections. */
@Injectable()
export class RoomFeeds implements OnModuleDestroy {
  private readonly logger = new Logger('Feeds');
  private readonly feeds = new Map<string, RoomFeed>();
  private readonly system = Principal.system('room feed');
  private readonly stop: Stop;

  constructor(
    private readonly bus: MessageBus,
    private readonly changes: ChangesService,
    private readonly rooms: RoomQueries,
    private readonly metrics: Metrics,
  ) {
    metrics.watch('chat_rooms_open_count', 'Rooms that a connection of this node follows.', () => this.feeds.size);
    this.stop = every(COMPARE_MS, 'realtime.compareHeads', () => this.compareHeads());
  }

  /**
   * Begins to listen to the rooms for the connection and holds their frames back. Resolves when nothing that is
   * published from now on can be missed; then read heads and memberships, and call `settle` or `leave` for each.
   */
  async hold(connection: Connection, roomIds: readonly string[]): Promise<void> {
    // Whoever is gone has left his rooms, and must not be let in again behind that.
    if (connection.isClosing) return;
    await Promise.all(
      roomIds.map((roomId) => {
        connection.intake.hold(roomId);
        connection.rooms.add(roomId);
        const feed = this.open(roomId);
        feed.add(connection, 0);
        return feed.listening;
      }),
    );
  }

  /**
   * Says at which rev the held connection's user was a member: only a leaving above it ends that.
   *
   * @returns false when a leaving was delivered since it is held: the membership is to be read again
   */
  enter(connection: Connection, head: MemberHead): boolean {
    if (!this.isMember(connection, head.roomId)) return false;
    this.feeds.get(head.roomId)?.add(connection, Number(head.headRev));
    connection.limit(head.roomId, firstVisibleRev(head));
    return true;
  }

  /**
   * Says where the room stood when membership was read. Frames above `from` go to the connection from now on.
   *
   * @returns false when a leaving was delivered meanwhile: the membership is to be read again
   */
  settle(connection: Connection, head: MemberHead, from: number): boolean {
    if (!this.enter(connection, head)) return false;
    this.feeds.get(head.roomId)?.start(Number(head.headRev), Number(head.headSeq));
    connection.intake.release(head.roomId, from);
    return true;
  }

  leave(connection: Connection, roomId: string): void {
    connection.intake.drop(roomId);
    connection.rooms.delete(roomId);
    connection.limit(roomId, 0);
    this.feeds.get(roomId)?.remove(connection);
    this.closeEmpty(roomId);
  }

  /** Leaves every room; for a connection that has ended. */
  leaveAll(connection: Connection): void {
    for (const roomId of connection.rooms) this.leave(connection, roomId);
  }

  /** The rev up to which this node has delivered the room; null where it does not have it open. */
  headRevOf(roomId: string): number | null {
    return this.feeds.get(roomId)?.headRev ?? null;
  }

  isMember(connection: Connection, roomId: string): boolean {
    return this.feeds.get(roomId)?.has(connection) ?? false;
  }

  onModuleDestroy(): void {
    this.stop();
    for (const feed of this.feeds.values()) feed.close();
    this.feeds.clear();
  }

  private open(roomId: string): RoomFeed {
    const known = this.feeds.get(roomId);
    if (known) return known;
    const listening = this.bus.subscribe(roomChannel(roomId), (message) => {
      if (isAside(message)) feed.receiveAside(decodeAside(message));
      else feed.receive(decodeLines(message));
    });
    const read = (id: string, after: number) => this.read(id, after);
    const feed: RoomFeed = new RoomFeed(roomId, listening, { read, onHeal: () => this.metrics.feedHeals.inc() });
    this.feeds.set(roomId, feed);
    return feed;
  }

  private async read(roomId: string, after: number): Promise<ReadStretch> {
    const headRev = (await this.rooms.headRevs([roomId])).get(roomId) ?? after;
    const stretch = { roomId, after, before: headRev + 1 };
    const { changes, toRev, lastRev } = await this.changes.read(this.system, stretch, READ_PAGE);
    // Something in it may show a state of after one of its revs, behind which somebody has left.
    if (lastRev > (changes[0]?.rev ?? lastRev) || changes.some(showsRoom)) await this.expelOthers(roomId);
    const lines = changes.map((change) => toLine(roomId, change));
    const isAll = toRev >= headRev;
    // Between two reads others have their turn: SQLite reads in the event loop.
    if (!isAll) await turn();
    return { lines, upTo: toRev, isAll };
  }

  /** Who is no member any more may not see what became of anything behind his leaving. */
  private async expelOthers(roomId: string): Promise<void> {
    const feed = this.feeds.get(roomId);
    if (!feed) return;
    const userIds = feed.userIds();
    const members = await this.rooms.membersAmong(roomId, userIds);
    feed.expel(new Set(userIds.filter((userId) => !members.has(userId))));
  }

  private closeEmpty(roomId: string): void {
    const feed = this.feeds.get(roomId);
    if (!feed?.isEmpty) return;
    feed.close();
    this.feeds.delete(roomId);
  }

  /** One room that cannot be read does not keep the others behind. */
  private async catchUp(roomId: string, headRev: number): Promise<void> {
    try {
      await this.feeds.get(roomId)?.catchUp(headRev);
    } catch (error) {
      this.logger.error({ event: 'realtime.notHealed', roomId, error: String(error) });
    }
  }

  private async compareHeads(): Promise<void> {
    const roomIds = [...this.feeds.keys()];
    for (let i = 0; i < roomIds.length; i += COMPARE_ROOMS) {
      const heads = await this.rooms.headRevs(roomIds.slice(i, i + COMPARE_ROOMS));
      for (const [roomId, headRev] of heads) await this.catchUp(roomId, headRev);
    }
    for (const roomId of roomIds) this.closeEmpty(roomId);
  }
}

/** The room is shown as it is now. */
const showsRoom = ({ event }: RoomChange): boolean => event === 'room.updated';
