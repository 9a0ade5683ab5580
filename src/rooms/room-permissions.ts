import type { MemberRole } from '../protocol/views.js';

const RANK: Record<MemberRole, number> = { member: 1, admin: 2, owner: 3 };

/** The least role that an action asks for. In direct rooms there are no roles: both are members, nothing is managed. */
export const ROOM_ACTIONS = {
  'room.update': 'admin',
  'room.archive': 'owner',
  'room.handOver': 'owner',
  'member.add': 'admin',
  'member.remove': 'admin',
  'member.ban': 'admin',
  'member.mute': 'admin',
  'role.change': 'owner',
  'message.pin': 'admin',
  'message.mentionAll': 'admin',
  'message.deleteAny': 'admin',
  'invite.create': 'admin',
} as const satisfies Record<string, MemberRole>;

/** An action that asks for a role. */
export type RoomAction = keyof typeof ROOM_ACTIONS;

/** Whether a member of this role may do the action. */
export const canAct = (role: MemberRole, action: RoomAction): boolean => RANK[role] >= RANK[ROOM_ACTIONS[action]];

/** Whether the one stands above the other, and so may remove, mute or ban him. */
export const isAbove = (role: MemberRole, other: MemberRole): boolean => RANK[role] > RANK[other];
