import { toTime } from '../common/clock.js';
import type { BlockView, FriendRequestView, FriendView, UserView } from '../protocol/views.js';
import type { Block } from './block.entity.js';
import type { Friendship } from './friendship.entity.js';

/** A friend as one of the two sees the other: with his own alias for him. */
export const toFriendView = (row: Friendship, friend: UserView): FriendView => ({
  ...friend,
  alias: friend.id === row.userHigh ? row.aliasByLow : row.aliasByHigh,
  since: toTime(row.acceptedAt ?? row.createdAt),
});

/** A request, the same for both. */
export const toRequestView = (row: Friendship, from: UserView, to: UserView): FriendRequestView => ({
  id: row.requestId,
  from,
  to,
  message: row.message,
  createdAt: toTime(row.createdAt),
});

export const toBlockView = ({ createdAt }: Block, user: UserView): BlockView => ({
  user,
  createdAt: toTime(createdAt),
});

/** The other one of a pair. */
export const otherOf = ({ userLow, userHigh }: Friendship, userId: string): string =>
  userId === userLow ? userHigh : userLow;
