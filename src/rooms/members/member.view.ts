import { toTime, toTimeOrNull } from '../../common/clock.js';
import type { BanView, MemberView, UserView } from '../../protocol/views.js';
import type { RoomBan } from './room-ban.entity.js';
import type { RoomMember } from './room-member.entity.js';

/** A member as other members see him. A mute whose end has passed is not shown. */
export const toMemberView = (member: RoomMember, user: UserView, now: number): MemberView => ({
  user,
  role: member.role,
  joinedAt: toTime(member.joinedAt),
  mutedUntil: toTimeOrNull(mutedUntilOf(member, now)),
});

/** Until when a member may not write; null where he may, or may again. */
export const mutedUntilOf = ({ mutedUntil }: Pick<RoomMember, 'mutedUntil'>, now: number): number | null =>
  mutedUntil !== null && mutedUntil > now ? mutedUntil : null;

/** A ban as those see it who may lift it. */
export const toBanView = (ban: RoomBan, user: UserView): BanView => ({
  user,
  byId: ban.byId,
  reason: ban.reason,
  until: toTimeOrNull(ban.until),
  createdAt: toTime(ban.createdAt),
});
