import type { UserRole } from '../protocol/views.js';

const EVERYBODY: readonly UserRole[] = ['user', 'admin', 'guest'];
const WITH_PASSWORD: readonly UserRole[] = ['user', 'admin'];

/**
 * What an account's role allows at the door. What a member's role allows inside a room is asked in the services, where
 * the room is at hand (`rooms/room-permissions.ts`).
 */
export const PERMISSIONS = {
  'account.use': EVERYBODY,
  'password.change': WITH_PASSWORD,
  'user.read': EVERYBODY,
  'friend.read': EVERYBODY,
  'friend.manage': EVERYBODY,
  'block.manage': EVERYBODY,
  'room.read': EVERYBODY,
  'room.create': EVERYBODY,
  'room.join': EVERYBODY,
  'room.manage': EVERYBODY,
  'message.read': EVERYBODY,
  'message.send': EVERYBODY,
  'attachment.read': EVERYBODY,
  'attachment.upload': EVERYBODY,
  'socket.use': EVERYBODY,
} as const satisfies Record<string, readonly UserRole[]>;

/** The name of a permission, noun.verb. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether an account of this role passes the door of a route or command. */
export const hasPermission = (role: UserRole, permission: Permission): boolean =>
  (PERMISSIONS[permission] as readonly UserRole[]).includes(role);
