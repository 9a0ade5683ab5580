import { toTime, toTimeOrNull } from '../../common/clock.js';
import type { BanView, MemberView, UserView } from '../../protocol/views.js';
import type { RoomBan } from './room-ban.entity.js';
import type { RoomMember } from './room-member.entity.js';

/** A member as other members see him. */
export const toMemberView = (member: RoomMember, user: UserView): MemberView => ({
  user,
  role: member.role,
  joinedAt: toTime(member.joinedAt),
  mutedUntil: toTimeOrNull(member.mutedUntil),
});

/** A ban as those see it who may lift it. */
export const toBanView = (ban: RoomBan, user: UserView): BanView => ({
  user,
  byId: ban.byId,
  reason: ban.reason,
  until: toTimeOrNull(ban.until),
  createdAt: toTime(ban.createdAt),
});
