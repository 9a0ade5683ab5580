import { toTime, toTimeOrNull } from '../common/clock.js';
import type { MeView, UserView } from '../protocol/views.js';
import { toPreferencesView } from './preferences.view.js';
import type { User } from './user.entity.js';

/** What views show of a user: his secrets and search keys are not read for it. */
export const SHOWN_COLUMNS = [
  'id',
  'username',
  'email',
  'displayName',
  'avatar',
  'bio',
  'role',
  'status',
  'statusText',
  'statusEmoji',
  'statusExpiresAt',
  'presence',
  'preferences',
  'rev',
  'createdAt',
] as const satisfies readonly (keyof User)[];
export type ShownUser = Pick<User, (typeof SHOWN_COLUMNS)[number]>;

/** A user as everybody sees him. A status whose end has passed is not shown. */
export function toUserView(user: ShownUser, now: number): UserView {
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    avatarUrl: avatarUrlOf(user),
    bio: user.bio,
    role: user.role,
    status: toStatusView(user, now),
    createdAt: toTime(user.createdAt),
  };
}

/** What stands in the address of a made-up picture in place of an id. */
export const MADE_UP = 'made-up';

/** The picture that is shown of a user: his own, or the made-up one, which is also that of a suspended one. */
export const pictureOf = ({ avatar, status }: Pick<User, 'avatar' | 'status'>): string =>
  status === 'active' && avatar !== null ? avatar : MADE_UP;

/** Loads without a token, as `<img>` does; another picture has another address. A deleted user has none. */
export const avatarUrlOf = (user: Pick<User, 'id' | 'avatar' | 'status'>): string | null =>
  user.status === 'deleted' ? null : `/api/v1/users/${user.id}/avatar?v=${pictureOf(user)}`;

/** What somebody is called who has deleted his account. */
export const DELETED_NAME = 'Deleted user';

/**
 * A user as he sees himself. Each field by its name: to copy the other view into this one took five times as long as all
 * the rest of it (measured), and each sign-in makes one.
 */
export function toMeView(user: ShownUser, now: number): MeView {
  const { id, username, displayName, avatarUrl, bio, role, status, createdAt } = toUserView(user, now);
  return {
    id,
    username,
    displayName,
    avatarUrl,
    bio,
    role,
    status,
    createdAt,
    email: user.email,
    userRev: user.rev,
    preferences: toPreferencesView(user.preferences),
    presence: user.presence,
  };
}

/** Whether there is a status, and its end, if it has one, has not passed. */
export function hasStatus({ statusText, statusEmoji, statusExpiresAt }: ShownUser, now: number): boolean {
  const isOver = statusExpiresAt !== null && statusExpiresAt <= now;
  return !isOver && (statusText !== null || statusEmoji !== null);
}

function toStatusView(user: ShownUser, now: number): UserView['status'] {
  if (!hasStatus(user, now)) return null;
  return { text: user.statusText, emoji: user.statusEmoji, expiresAt: toTimeOrNull(user.statusExpiresAt) };
}
