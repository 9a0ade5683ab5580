import type { BlockView, FriendRequestView, FriendView, MemberRoomView, UserView } from '../protocol/views.js';

type Person = Pick<UserView, 'id' | 'username' | 'displayName'>;

/** Another user as he stands in an archive: whom it is about, and nothing that he says of himself. */
const toPerson = ({ id, username, displayName }: Person): Person => ({ id, username, displayName });

/** A friend, with one's own name for him. */
export const toFriendItem = (friend: FriendView): object => ({
  ...toPerson(friend),
  alias: friend.alias,
  since: friend.since,
});

/** A request with its note, which is a letter to its receiver: it belongs to both. */
export const toRequestItem = (request: FriendRequestView): object => ({
  ...request,
  from: toPerson(request.from),
  to: toPerson(request.to),
});

export const toBlockItem = (block: BlockView): object => ({ ...block, user: toPerson(block.user) });

/** A room without what others wrote in it or over it; its name says which one it is. */
export const toRoomItem = ({ lastMessage: _, topic: __, peer, ...room }: MemberRoomView): object => ({
  ...room,
  ...(peer ? { peer: toPerson(peer) } : {}),
});
