import type { MemberRole, MemberRoomView } from '../../src/protocol/views.js';
import type { RoomState } from '../../sdk/room-state.js';

const RANK: Record<MemberRole, number> = { member: 1, admin: 2, owner: 3 };

/** Whether the one may remove, mute or ban the other. */
export const isAbove = (role: MemberRole, other: MemberRole): boolean => RANK[role] > RANK[other];

/** Whether the reader wants silence from a room now. */
export const isMuted = ({ mutedUntil }: Pick<MemberRoomView, 'mutedUntil'>): boolean =>
  mutedUntil !== null && Date.parse(mutedUntil) > Date.now();

/** So many messages of a room the reader wants to be told of: none while it is silenced. */
export function countOf({ view, unread, mentions }: RoomState): number {
  if (!view || isMuted(view) || view.notify === 'none') return 0;
  return view.notify === 'all' ? unread : mentions;
}
