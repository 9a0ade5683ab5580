import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { Clock } from '../../common/clock.js';
import { decodeCursor, encodeCursor, toPage } from '../../common/page-cursor.js';
import { READS } from '../../database/data-source.js';
import { FriendsQueries } from '../../friends/friends.queries.js';
import type { MemberView, Page } from '../../protocol/views.js';
import { UsersService } from '../../users/users.service.js';
import { RoomAccess } from '../room-access.js';
import { toMemberView } from './member.view.js';
import { RoomMember } from './room-member.entity.js';

/** The members of rooms as one of them sees the others. */
@Injectable()
export class MemberLists {
  constructor(
    private readonly access: RoomAccess,
    private readonly users: UsersService,
    private readonly friends: FriendsQueries,
    private readonly clock: Clock,
    @InjectRepository(RoomMember, READS) private readonly members: Repository<RoomMember>,
  ) {}

  /**
   * The members, in the order of their user ids; those whom the reader has blocked are marked. For members only: throws
   * `NOT_FOUND` or `FORBIDDEN`.
   */
  async list(principal: Principal, ask: { roomId: string; cursor?: string; limit: number }): Promise<Page<MemberView>> {
    const { roomId, cursor, limit } = ask;
    await this.access.requireMember(principal, roomId);
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['ulid']);
    const rows = await this.members.find({
      where: { roomId, userId: MoreThan(after) },
      order: { userId: 'ASC' },
      take: limit + 1,
    });
    const { items, next } = toPage(rows, limit, ({ userId }) => encodeCursor([userId]));
    const userIds = items.map(({ userId }) => userId);
    const blocked = await this.friends.blockedBy(principal.userId, userIds);
    const views = await this.toViews(items);
    return { items: views.map((view) => (blocked.has(view.user.id) ? { ...view, blocked: true } : view)), next };
  }

  /** Members as anybody of the room sees them; who has deleted his account is left out. */
  async toViews(members: readonly RoomMember[]): Promise<MemberView[]> {
    const users = await this.users.viewsOf(members.map(({ userId }) => userId));
    const now = this.clock.now();
    return members.flatMap((member) => {
      const user = users.get(member.userId);
      return user ? [toMemberView(member, user, now)] : [];
    });
  }
}
