import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { Clock } from '../../common/clock.js';
import { requireFuture } from '../../common/future.js';
import { decodeCursor, encodeCursor, toPage } from '../../common/page-cursor.js';
import { READS } from '../../database/data-source.js';
import { upsertRows } from '../../database/sql.js';
import type { BanView, Page } from '../../protocol/views.js';
import { UsersService } from '../../users/users.service.js';
import { RoomAccess } from '../room-access.js';
import { RoomEdits } from '../room-edits.js';
import { isAbove } from '../room-permissions.js';
import { MemberMoves } from './member-moves.js';
import { toBanView } from './member.view.js';
import type { MemberTarget } from './members.service.js';
import { RoomBan } from './room-ban.entity.js';
import { RoomMember } from './room-member.entity.js';

/** Whom to ban, why and until when (RFC 3339). */
export interface BanAsk extends MemberTarget {
  readonly reason?: string;
  readonly until?: string;
}

const BANS = { table: 'room_bans', conflict: ['roomId', 'userId'], updates: ['byId', 'reason', 'until', 'createdAt'] };

/** Who may not come into a group room. */
@Injectable()
export class BansService {
  constructor(
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly users: UsersService,
    private readonly clock: Clock,
    @InjectRepository(RoomBan, READS) private readonly bans: Repository<RoomBan>,
  ) {}

  /** The bans in force, in the order of the user ids. For those who may ban: throws `NOT_FOUND` or `FORBIDDEN`. */
  async list(principal: Principal, ask: { roomId: string; cursor?: string; limit: number }): Promise<Page<BanView>> {
    const { roomId, cursor, limit } = ask;
    await this.access.requireAction(principal, roomId, 'member.ban');
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['ulid']);
    const rows = await this.bans
      .createQueryBuilder('ban')
      .where('ban.roomId = :roomId AND ban.userId > :after', { roomId, after })
      .andWhere('(ban.until IS NULL OR ban.until > :now)', { now: this.clock.now() })
      .orderBy('ban.userId')
      .limit(limit + 1)
      .getMany();
    const { items, next } = toPage(rows, limit, ({ userId }) => encodeCursor([userId]));
    return { items: await this.toViews(items), next };
  }

  /**
   * Bans a user, in place of an earlier ban of his. A member is removed by it (`member.removed` with the reason
   * `banned`; his connections get `room.gone`); for others there is no notice.
   *
   * @throws ChatError `NOT_FOUND`, `ROOM_ARCHIVED`, `FORBIDDEN` also where the user's role is not below the caller's,
   *   `VALIDATION_FAILED` for an end that has passed
   */
  async ban(principal: Principal, ask: BanAsk): Promise<BanView> {
    const { roomId, userId } = ask;
    const until = this.endOf(ask);
    return this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      const caller = await this.access.requireIn(edit.tx, edit.head, { principal, action: 'member.ban' });
      const user = (await this.users.viewsIn(edit.tx, [userId])).get(userId);
      if (!user) throw new ChatError('NOT_FOUND');
      const member = await edit.tx.manager.findOneBy(RoomMember, { roomId, userId });
      if (member && !isAbove(caller.role, member.role)) throw new ChatError('FORBIDDEN');
      const { byId } = principal;
      const row = { roomId, userId, byId, reason: ask.reason ?? null, until, createdAt: edit.head.at };
      await upsertRows(edit.tx, BANS, [row]);
      if (member) await this.moves.remove(edit, userId, { byId, reason: 'banned' });
      return toBanView(row, user);
    });
  }

  /** Ends a ban, without a notice. Throws `NOT_FOUND` also where there is none, `FORBIDDEN`, `ROOM_ARCHIVED`. */
  async unban(principal: Principal, { roomId, userId }: MemberTarget): Promise<void> {
    await this.edits.run({ roomId }, async ({ tx, head }) => {
      await this.access.requireIn(tx, head, { principal, action: 'member.ban' });
      const { affected } = await tx.manager.delete(RoomBan, { roomId, userId });
      if (!affected) throw new ChatError('NOT_FOUND');
    });
  }

  private endOf({ until }: BanAsk): number | null {
    if (until === undefined) return null;
    return requireFuture('until', Date.parse(until), this.clock.now());
  }

  private async toViews(bans: readonly RoomBan[]): Promise<BanView[]> {
    const users = await this.users.viewsOf(bans.map(({ userId }) => userId));
    return bans.flatMap((ban) => {
      const user = users.get(ban.userId);
      return user ? [toBanView(ban, user)] : [];
    });
  }
}
