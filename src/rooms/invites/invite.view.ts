import { toTimeOrNull } from '../../common/clock.js';
import type { InvitePreview, InviteView } from '../../protocol/room-views.js';
import type { Room } from '../room.entity.js';
import { toRoomView } from '../room.view.js';
import type { RoomInvite } from './room-invite.entity.js';

/** An invite as those see it who may make one. */
export const toInviteView = ({ code, roomId, maxUses, uses, expiresAt }: RoomInvite): InviteView => ({
  code,
  roomId,
  maxUses,
  uses,
  expiresAt: toTimeOrNull(expiresAt),
});

/** What somebody sees of a room before he comes in. */
export function toInvitePreview(room: Room): InvitePreview {
  const { name, avatarUrl, topic, memberCount } = toRoomView(room);
  return { name, avatarUrl, topic, memberCount };
}

/** Whether an invite lets nobody in any more. */
export const isOver = ({ expiresAt, endedAt }: RoomInvite, now: number): boolean =>
  endedAt !== null || (expiresAt !== null && expiresAt <= now);
