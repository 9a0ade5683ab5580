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

function toStatusView({ statusText, statusEmoji, statusExpiresAt }: User, now: number): UserView['status'] {
  const isOver = statusExpiresAt !== null && statusExpiresAt <= now;
  if (isOver || (statusText === null && statusEmoji === null)) return null;
  return { text: statusText, emoji: statusEmoji, expiresAt: toTimeOrNull(statusExpiresAt) };
}
