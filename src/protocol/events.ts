import { reactionView } from './message-views.js';
import { activityPreview, sessionReady } from './commands.js';
import { problem } from './errors.js';
import {
  type Schema,
  type TypeOf,
  count,
  flag,
  list,
  mapOf,
  named,
  nullable,
  object,
  oneOf,
  open,
  optional,
  string,
  time,
  ulid,
} from './schema.js';
import {
  MEMBER_ROLES,
  friendRequestView,
  friendView,
  meView,
  memberRoomView,
  messageView,
  preferencesView,
  presencesView,
  readView,
  receiptView,
  roomFields,
} from './views.js';

/** The facts of a notice, as they stand in its `payload`. */
export const NOTICE_TYPES = [
  'member.joined',
  'member.left',
  'member.removed',
  'member.updated',
  'room.updated',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/**
 * A change of a room's members. `memberCount` is how many there are from then on, so that nobody has to count
 * (null in changes from before it was kept); `notice` is the same message that the history shows.
 */
export const memberChange = named(
  'MemberChange',
  object({
    userId: ulid,
    byId: nullable(ulid),
    role: nullable(oneOf(...MEMBER_ROLES)),
    memberCount: nullable(count),
    notice: messageView,
  }),
);
export type MemberChange = TypeOf<typeof memberChange>;

/** A room after a change of its name, topic, visibility or archive, with the notice that the history shows. */
export const roomUpdated = named('RoomUpdated', object({ ...roomFields, notice: messageView }));
export type RoomUpdated = TypeOf<typeof roomUpdated>;

/**
 * Reactions to a message changed: `reactions` is how they stand. Of several that came within a second, there is one event:
 * `userId`, `emoji` and `added` are of the last one, `changes` has up to 50 of them, in their order.
 */
export const messageReacted = named(
  'MessageReacted',
  object({
    id: ulid,
    userId: ulid,
    emoji: string,
    added: flag,
    reactions: list(reactionView),
    changes: list(object({ userId: ulid, emoji: string, added: flag })),
    /** The rev of this change, for the copy of the message. */
    lastRev: count,
  }),
);
export type MessageReacted = TypeOf<typeof messageReacted>;

/** What becomes of a message after it was sent. */
export const MESSAGE_CHANGE_EVENTS = [
  'message.edited',
  'message.deleted',
  'message.reacted',
  'message.pinned',
] as const;
export type MessageChangeEvent = (typeof MESSAGE_CHANGE_EVENTS)[number];

/** Durable events: in the room's rev order, each with a rev of its own, the same for every member. */
export const DURABLE_EVENTS = {
  'message.created': messageView,
  'message.edited': messageView,
  'message.deleted': messageView,
  'message.pinned': messageView,
  'message.reacted': messageReacted,
  'room.updated': roomUpdated,
  'member.joined': memberChange,
  'member.left': memberChange,
  'member.removed': memberChange,
  'member.updated': memberChange,
} as const satisfies Record<string, Schema<unknown>>;
export type DurableEvent = keyof typeof DURABLE_EVENTS;

/**
 * Why a friend request is open no longer. Who was asked is told `declined` or `cancelled`; who asked, `cancelled` where
 * he did it himself and else `closed`, which does not say what the other one did.
 */
export const CLOSED_REASONS = ['declined', 'cancelled', 'closed'] as const;
export type ClosedReason = (typeof CLOSED_REASONS)[number];

/** What a member has set for himself in a room. */
export const membershipUpdated = named(
  'MembershipUpdated',
  object({
    roomId: ulid,
    notify: oneOf('all', 'mentions', 'none'),
    mutedUntil: nullable(time),
    alias: nullable(string),
  }),
);

/** Private events: to the connections of one user, in `userRev` order. */
export const PRIVATE_EVENTS = {
  'room.added': memberRoomView,
  'user.skip': object({}),
  'room.gone': named('RoomGone', object({ roomId: ulid, reason: oneOf('left', 'removed', 'banned') })),
  'read.updated': readView,
  'membership.updated': membershipUpdated,
  'friend.requested': friendRequestView,
  'friend.accepted': friendView,
  'friend.updated': friendView,
  'friend.removed': named('FriendRemoved', object({ userId: ulid })),
  'friend.requestClosed': named('FriendRequestClosed', object({ id: ulid, reason: oneOf(...CLOSED_REASONS) })),
  'block.updated': named('BlockUpdated', object({ userId: ulid, blocked: flag })),
  'preferences.updated': preferencesView,
  'profile.updated': meView,
} as const satisfies Record<string, Schema<unknown>>;
export type PrivateEvent = keyof typeof PRIVATE_EVENTS;

/** Limits, features and times that a connection learns first. */
export const hello = named(
  'Hello',
  object({
    serverTime: time,
    heartbeatMs: count,
    startWithinMs: count,
    limits: mapOf(count),
    features: open,
    minClient: string,
  }),
);

/** Said before the server closes a connection; `reconnect` says whether coming back makes sense. */
export const goodbye = named(
  'Goodbye',
  object({ code: count, reason: string, reconnect: flag, retryAfterMs: optional(count) }),
);

/** Events without a rev: they may be lost, or are about this connection alone. */
export const EPHEMERAL_EVENTS = {
  hello,
  'session.ready': sessionReady,
  'session.caughtUp': object({}),
  'session.expiring': object({ expiresAt: time }),
  'room.activity': named(
    'RoomActivity',
    object({ roomId: ulid, headSeq: count, headRev: count, mentions: count, preview: activityPreview }),
  ),
  presence: presencesView,
  typing: named('Typing', object({ userId: ulid, typing: flag })),
  receipt: receiptView,
  'room.stale': object({ headRev: count }),
  'user.stale': object({ userRev: count }),
  heartbeat: object({}),
  goodbye,
  error: problem,
} as const satisfies Record<string, Schema<unknown>>;
export type EphemeralEvent = keyof typeof EPHEMERAL_EVENTS;

/** The data of every event, by name. */
export type Events = {
  readonly [K in DurableEvent]: TypeOf<(typeof DURABLE_EVENTS)[K]>;
} & { readonly [K in PrivateEvent]: TypeOf<(typeof PRIVATE_EVENTS)[K]> } & {
  readonly [K in EphemeralEvent]: TypeOf<(typeof EPHEMERAL_EVENTS)[K]>;
};
