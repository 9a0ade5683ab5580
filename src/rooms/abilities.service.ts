import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { Clock, toTime } from '../common/clock.js';
import { FriendsAccess } from '../friends/friends-access.js';
import { type AbilitiesView, type AbilityView, ROOM_ABILITIES } from '../protocol/room-views.js';
import { type CallerFacts, ROOM_RULES, type Refusal, type RoomFacts } from './action-access.js';
import { SlowMode } from './members/slow-mode-store.js';
import type { RoomMember } from './members/room-member.entity.js';
import { RoomAccess } from './room-access.js';
import type { Room } from './room.entity.js';
import { peerIdOf } from './room.view.js';
import { settingsOf } from './settings-text.js';

/** What somebody may do in a room, told before he tries. */
@Injectable()
export class AbilitiesService {
  constructor(
    private readonly access: RoomAccess,
    private readonly slow: SlowMode,
    private readonly friends: FriendsAccess,
    private readonly clock: Clock,
  ) {}

  /**
   * Every action with whether the caller may do it now, by the rules that its call asks. What depends on whom it is
   * about (removing somebody of one's own rank) is told as for a plain member.
   *
   * @throws ChatError `NOT_FOUND` where the caller may not know of the room
   */
  async get(principal: Principal, roomId: string): Promise<AbilitiesView> {
    const { room, member } = await this.access.requireVisible(principal, roomId);
    const facts: RoomFacts = { ...room, settings: settingsOf(room.settings) };
    const caller = member && (await this.callerOf(member, room));
    // A room's time is the later of the clock and its newest change.
    const at = Math.max(this.clock.now(), room.headAt);
    const abilities = ROOM_ABILITIES.map((name) => [name, toAbility(ROOM_RULES[name](facts, caller, at))] as const);
    return Object.fromEntries(abilities) as AbilitiesView;
  }

  private async callerOf(member: RoomMember, room: Room): Promise<CallerFacts> {
    const slowUntil = await this.slow.freeAt(member, settingsOf(room.settings).slowModeSeconds);
    const peerId = peerIdOf(room, member.userId);
    const bar = peerId === null ? null : await this.friends.findBar(member.userId, peerId);
    return { ...member, slowUntil, bar };
  }
}

const toAbility = (refusal: Refusal | null): AbilityView => {
  if (!refusal) return { allowed: true };
  const { code, until } = refusal;
  return { allowed: false, code, ...(until === undefined ? {} : { until: toTime(until) }) };
};
