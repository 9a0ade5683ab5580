import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { AppConfig } from '../config/app-config.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import type { ReceiptView } from '../protocol/views.js';
import { ReadPositions } from '../rooms/members/read-position-store.js';
import { RoomAccess } from '../rooms/room-access.js';
import { type ReceiptRow, ReceiptsQueries } from './receipts.queries.js';

/** How far the members of a room have received and read, for one another. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly config: AppConfig,
    private readonly access: RoomAccess,
    private readonly queries: ReceiptsQueries,
    private readonly friends: FriendsQueries,
    private readonly positions: ReadPositions,
  ) {}

  /**
   * What the other members show, in the order of their ids. Not in it: who has switched receipts off, and whom the
   * caller has blocked or was blocked by. Nobody is in it in rooms above `limits.quietRoomMembers`.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN` for an outsider of a public room
   */
  async list(principal: Principal, roomId: string): Promise<ReceiptView[]> {
    const { room } = await this.access.requireMember(principal, roomId);
    if (Number(room.memberCount) > this.config.limits.quietRoomMembers) return [];
    const rows = await this.queries.listOthers(roomId, principal.userId);
    const userIds = rows.map(({ userId }) => userId);
    const blocked = await this.friends.blockedEitherWay(principal.userId, userIds);
    return rows.filter(({ userId }) => !blocked.has(userId)).map((row) => this.toView(row));
  }

  /** A message that was just sent shows that its sender had read up to it. */
  private toView({ roomId, userId, deliveredSeq, readSeq: stored }: ReceiptRow): ReceiptView {
    const readSeq = Math.max(stored, this.positions.ownSeqOf({ roomId, userId }));
    return { userId, deliveredSeq: Math.max(deliveredSeq, readSeq), readSeq };
  }
}
