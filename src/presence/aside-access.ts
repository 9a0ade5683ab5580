import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { AppConfig } from '../config/app-config.js';
import type { Audience } from '../events/chat-events.js';
import { FriendsAccess } from '../friends/friends-access.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import { ROOM_RULES, toError } from '../rooms/action-access.js';
import { RoomAccess } from '../rooms/room-access.js';
import type { Room } from '../rooms/room.entity.js';
import { toRoomView } from '../rooms/room.view.js';
import { PresenceStore } from './presence-store.js';

/** Who is told in a room of what somebody does there by the way. */
@Injectable()
export class AsideAccess {
  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly rooms: RoomAccess,
    private readonly contacts: FriendsAccess,
    private readonly friends: FriendsQueries,
    private readonly store: PresenceStore,
  ) {}

  /**
   * The audience of a member who may write in the room now; null where nobody is to be told.
   *
   * @throws ChatError what sending a message would be refused with, but for `SLOW_MODE`
   */
  async requireWriter(principal: Principal, roomId: string): Promise<Audience | null> {
    const { room, member } = await this.rooms.requireMember(principal, roomId);
    const now = this.clock.now();
    const bar = await this.findBar(principal.userId, room);
    const refusal = ROOM_RULES['message.edit'](factsOf(room), { ...member, bar }, now);
    if (refusal) throw toError(refusal, now);
    if (Number(room.memberCount) > this.config.limits.quietRoomMembers) return null;
    const present = await this.store.read([principal.userId]);
    if (present.get(principal.userId)?.state === 'invisible') return null;
    const hidden = (await this.friends.blocksOfAll([principal.userId])).get(principal.userId) ?? [];
    // Rights may change without a rev; members do not.
    return { roomId, asOf: Math.min(Number(room.memberRev), Number(room.headRev)), hidden };
  }

  private async findBar(userId: string, { directKey }: Room) {
    const otherId = directKey?.split(':').find((id) => id !== userId);
    return otherId === undefined ? null : this.contacts.findBar(userId, otherId);
  }
}

const factsOf = (room: Room) => ({ ...room, settings: toRoomView(room).settings });
