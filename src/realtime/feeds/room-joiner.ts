import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { firstVisibleRev } from '../../rooms/history-access.js';
import { type MemberHead, RoomQueries } from '../../rooms/room.queries.js';
import type { Connection } from '../connections/connection.js';
import { staleFrame } from '../connections/frame.js';
import { MissedFrames } from './missed-frames.service.js';
import { RoomFeeds } from './room-feeds.js';

/** A leaving that overtakes a joining makes the membership be read again; nobody comes and goes that fast. */
const ATTEMPTS = 3;

/** Brings a connection into a room's feed, without a hole and without a frame that is not his. */
@Injectable()
export class RoomJoiner {
  constructor(
    private readonly config: AppConfig,
    private readonly feeds: RoomFeeds,
    private readonly rooms: RoomQueries,
    private readonly missed: MissedFrames,
  ) {}

  /**
   * Joins one room: listen, then read head and membership in one query, then deliver what is above `since`.
   *
   * @param options `joinedRev`: the membership that is meant, where it must not be a later one; `onHead`: called before
   *   anything of the room is delivered
   * @returns false when the user is no member
   */
  async join(
    connection: Connection,
    roomId: string,
    options: {
      readonly since: (head: MemberHead) => number;
      readonly joinedRev?: number;
      readonly onHead?: () => void;
    },
  ): Promise<boolean> {
    let { onHead } = options;
    if (connection.openRooms) connection.activity.expectMentions(roomId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.feeds.hold(connection, [roomId]);
      const head = await this.rooms.headOfMember(connection.userId, roomId);
      if (!head || Number(head.joinedRev) !== (options.joinedRev ?? Number(head.joinedRev))) break;
      // A leaving from before he came passed by while the head was read.
      if (!this.feeds.isMember(connection, roomId)) continue;
      onHead?.();
      onHead = undefined;
      if (await this.catchUp(connection, head, options.since(head))) return true;
    }
    this.feeds.leave(connection, roomId);
    return false;
  }

  /**
   * Sends a held room's changes above `since` as ordinary frames, then lets live ones through. A gap that is too large
   * is one `room.stale`: the client pulls, and is told to reset.
   *
   * @returns false when a leaving was delivered meanwhile
   */
  async catchUp(connection: Connection, head: MemberHead, since: number): Promise<boolean> {
    if (!this.feeds.enter(connection, head)) return false;
    const headRev = Number(head.headRev);
    const isTooFar =
      headRev - since > this.config.limits.changesGap || since < Number(head.floorRev) || since > headRev;
    if (isTooFar) connection.push(staleFrame(head.roomId, headRev));
    else if (since < headRev) await this.sendChanges(connection, head, since);
    return this.feeds.settle(connection, head, headRev);
  }

  /** The connection gets nothing more of the room. */
  leave(connection: Connection, roomId: string): void {
    this.feeds.leave(connection, roomId);
  }

  /** Whether the connection gets the room's frames. */
  isIn(connection: Connection, roomId: string): boolean {
    return this.feeds.isMember(connection, roomId);
  }

  private async sendChanges(connection: Connection, head: MemberHead, since: number): Promise<void> {
    const { roomId } = head;
    const after = Math.max(since, firstVisibleRev(head) - 1);
    const { frames, isAhead } = await this.missed.read({ roomId, since, after, headRev: Number(head.headRev) });
    const isStill = !isAhead || (await this.rooms.headOfMember(connection.userId, roomId)) !== null;
    // Removed while they were read: these are not his any more. The feed drops him when it hears of it.
    if (!isStill || !this.feeds.isMember(connection, roomId)) return;
    connection.catchUp(frames, Number(head.headSeq));
  }
}
