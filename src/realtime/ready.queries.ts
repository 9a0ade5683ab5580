import { Injectable } from '@nestjs/common';
import { Clock, toTime } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import { InstallationService } from '../database/installation.service.js';
import type { ReadyRoom, SessionReady, SessionStart } from '../protocol/commands.js';
import { ReadPositions } from '../rooms/members/read-position-store.js';
import { UnreadMentions } from '../rooms/members/unread-mentions-store.js';
import { type MemberHead, RoomQueries } from '../rooms/room.queries.js';
import { type ShownUser, toMeView } from '../users/user.view.js';
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
    private readonly mentions: UnreadMentions,
  ) {}

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
    read: { readonly user: ShownUser; readonly rooms: readonly ReadyRoom[]; readonly reset: boolean },
  ): SessionReady {
    const most = this.config.limits.cursorRooms;
    return {
      connectionId: connection.id,
      sessionId: connection.principal?.sessionId ?? '',
      user: toMeView(read.user, this.clock.now()),
      epoch: this.installation.epoch,
      userRev: read.user.rev,
      expiresAt: toTime(connection.expiresAt),
      rooms: read.rooms.slice(0, most),
      more: read.rooms.length > most,
      reset: read.reset,
    };
  }

  /** Where rooms stand for one member; his own newest message counts as read at once. */
  async toReadyRooms(userId: string, heads: readonly MemberHead[]): Promise<ReadyRoom[]> {
    const rooms = heads.map((head) => ({ head, readSeq: this.readSeqOf(head) }));
    const readers = rooms.map(({ head: { roomId }, readSeq }) => ({ roomId, userId, readSeq }));
    const mentionsOf = await this.mentions.ofUser(userId, readers);
    return rooms.map(({ head, readSeq }) => ({
      roomId: head.roomId,
      headRev: Number(head.headRev),
      headSeq: Number(head.headSeq),
      readSeq,
      readVersion: Number(head.readVersion),
      unread: Number(head.headSeq) - readSeq,
      mentions: mentionsOf({ roomId: head.roomId, userId }),
    }));
  }

  private readSeqOf(head: MemberHead): number {
    return Math.min(this.positions.readSeqOf(head), Number(head.headSeq));
  }
}
