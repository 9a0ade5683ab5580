import { toTime, toTimeOrNull } from '../common/clock.js';
import type { MeView, UserView } from '../protocol/views.js';
import type { User } from './user.entity.js';

/** A user as everybody sees him. A status whose end has passed is not shown. */
export function toUserView(user: User, now: number): UserView {
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    avatarUrl: null,
    bio: user.bio,
    role: user.role,
    status: toStatusView(user, now),
    createdAt: toTime(user.createdAt),
  };
}

/** A user as he sees himself. */
export const toMeView = (user: User, now: number): MeView => ({
  ...toUserView(user, now),
  email: user.email,
  userRev: user.rev,
  preferences: user.preferences,
});

/** Whether there is a status, and its end, if it has one, has not passed. */
export function hasStatus({ statusText, statusEmoji, statusExpiresAt }: User, now: number): boolean {
  const isOver = statusExpiresAt !== null && statusExpiresAt <= now;
  return !isOver && (statusText !== null || statusEmoji !== null);
}

function toStatusView(user: User, now: number): UserView['status'] {
  if (!hasStatus(user, now)) return null;
  return { text: user.statusText, emoji: user.statusEmoji, expiresAt: toTimeOrNull(user.statusExpiresAt) };
}
