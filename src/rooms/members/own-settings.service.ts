import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Clock, toTimeOrNull } from '../../common/clock.js';
import { requireFuture } from '../../common/future.js';
import type { Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { EventHub } from '../../events/event-hub.js';
import type { MemberRoomView } from '../../protocol/views.js';
import { UserRevs } from '../../users/user-revs.service.js';
import { RoomAccess } from '../room-access.js';
import { RoomViews } from '../room-views.service.js';
import { RoomMember } from './room-member.entity.js';

/** What is to change; what is left out stays. */
export interface OwnSettings {
  readonly notify?: RoomMember['notify'];
  /** RFC 3339; null ends the silence. */
  readonly mutedUntil?: string | null;
  readonly alias?: string | null;
}

type Columns = Partial<Pick<RoomMember, 'notify' | 'silentUntil' | 'alias'>>;

/** What a member sets for himself in a room; nobody else sees it. */
@Injectable()
export class OwnSettingsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly access: RoomAccess,
    private readonly userRevs: UserRevs,
    private readonly hub: EventHub,
    private readonly views: RoomViews,
  ) {}

  /**
   * Changes what the caller hears of a room and what he calls it. Tells `membership.updated` to his connections where
   * something differs. In archived rooms too: it is his own matter.
   *
   * @throws ChatError `NOT_FOUND` or `FORBIDDEN` for somebody who is no member, `VALIDATION_FAILED` for an end that has
   *   passed
   */
  async update(principal: Principal, roomId: string, settings: OwnSettings): Promise<MemberRoomView> {
    const columns = this.columnsOf(settings);
    await this.access.requireMember(principal, roomId);
    await this.uow.run((tx) => this.updateIn(tx, { userId: principal.userId, roomId }, columns));
    return this.views.getOfUser(principal.userId, roomId);
  }

  private async updateIn(tx: Tx, place: { userId: string; roomId: string }, columns: Columns): Promise<void> {
    const { userId, roomId } = place;
    await this.userRevs.lock(tx, [userId]);
    const member = await tx.manager.findOneBy(RoomMember, place);
    // Gone meanwhile: the view says so.
    if (!member) return;
    const names = Object.keys(columns) as (keyof Columns)[];
    if (names.every((name) => columns[name] === member[name])) return;
    await tx.manager.update(RoomMember, place, columns);
    const { notify, silentUntil, alias } = { ...member, ...columns };
    // Only now: a number without its event would look like a lost one.
    const revs = await this.userRevs.advance(tx, [userId]);
    await this.hub.emit(tx, 'UserChanged', {
      userId,
      userRev: revs.get(userId) ?? 0,
      event: 'membership.updated',
      data: { roomId, notify, mutedUntil: toTimeOrNull(silentUntil), alias },
    });
  }

  private columnsOf({ notify, mutedUntil, alias }: OwnSettings): Columns {
    const silentUntil =
      typeof mutedUntil === 'string'
        ? requireFuture('mutedUntil', Date.parse(mutedUntil), this.clock.now())
        : mutedUntil;
    return {
      ...(notify === undefined ? {} : { notify }),
      ...(silentUntil === undefined ? {} : { silentUntil }),
      ...(alias === undefined ? {} : { alias }),
    };
  }
}
