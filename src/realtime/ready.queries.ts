import { Injectable } from '@nestjs/common';
import { Clock, toTime } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import { InstallationService } from '../database/installation.service.js';
import type { ReadyRoom, SessionReady, SessionStart } from '../protocol/commands.js';
import { ReadPositions } from '../rooms/members/read-position-store.js';
import { type MemberHead, RoomQueries } from '../rooms/room.queries.js';
import type { User } from '../users/user.entity.js';
import { type ShownUser, toMeView } from '../users/user.view.js';
import { UsersQueries } from '../users/users.queries.js';
import type { Connection } from './connections/connection.js';

/** No user has more rooms. */
export const ALL_ROOMS = 100_000;

/** What the handshake reads, and the answer that it makes of it. */
@Injectable()
export class ReadyQueries {
  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly installation: InstallationService,
    private readonly rooms: RoomQueries,
    private readonly positions: ReadPositions,
    private readonly users: UsersQueries,
  ) {}

  getUser(userId: string): Promise<User> {
    return this.users.get(userId);
  }

  listRooms(userId: string): Promise<string[]> {
    return this.rooms.roomIdsOf(userId);
  }

  listHeads(userId: string): Promise<MemberHead[]> {
    return this.rooms.headsOfUser(userId, ALL_ROOMS);
  }

  /** Whether the client's cursor is of another epoch, and so worth nothing. */
  isForeign({ cursor }: SessionStart): boolean {
    return cursor?.epoch !== undefined && cursor.epoch !== this.installation.epoch;
  }

  toReady(
    connection: Connection,
    read: { user: ShownUser; heads: readonly MemberHead[]; reset: boolean },
  ): SessionReady {
    const most = this.config.limits.cursorRooms;
    return {
      connectionId: connection.id,
      sessionId: connection.principal?.sessionId ?? '',
      user: toMeView(read.user, this.clock.now()),
      epoch: this.installation.epoch,
      userRev: read.user.rev,
      expiresAt: toTime(connection.expiresAt),
      rooms: read.heads.slice(0, most).map((head) => this.toReadyRoom(head)),
      more: read.heads.length > most,
      reset: read.reset,
    };
  }

  /** Where a room stands for its member; his own newest message counts as read at once. */
  toReadyRoom(head: MemberHead): ReadyRoom {
    const headSeq = Number(head.headSeq);
    const readSeq = Math.min(this.positions.readSeqOf(head), headSeq);
    return {
      roomId: head.roomId,
      headRev: Number(head.headRev),
      headSeq,
      readSeq,
      readVersion: Number(head.readVersion),
      unread: headSeq - readSeq,
      mentions: 0,
    };
  }
}
