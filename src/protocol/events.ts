import { activityPreview, sessionReady } from './commands.js';
import { problem } from './errors.js';
import {
  type Schema,
  type TypeOf,
  count,
  flag,
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
import { MEMBER_ROLES, meView, memberRoomView, messageView, readView, roomFields } from './views.js';

/** The facts of a notice, as they stand in its `payload`. */
export const NOTICE_TYPES = [
  'member.joined',
  'member.left',
  'member.removed',
  'member.updated',
  'room.updated',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** A change of a room's members. `notice` is the same message that the history shows. */
export const memberChange = named(
  'MemberChange',
  object({ userId: ulid, byId: nullable(ulid), role: nullable(oneOf(...MEMBER_ROLES)), notice: messageView }),
);
export type MemberChange = TypeOf<typeof memberChange>;

/** A room after a change of its name, topic, visibility or archive, with the notice that the history shows. */
export const roomUpdated = named('RoomUpdated', object({ ...roomFields, notice: messageView }));
export type RoomUpdated = TypeOf<typeof roomUpdated>;

/** Durable events: in the room's rev order, each with a rev of its own, the same for every member. */
export const DURABLE_EVENTS = {
  'message.created': messageView,
  'room.updated': roomUpdated,
  'member.joined': memberChange,
  'member.left': memberChange,
  'member.removed': memberChange,
  'member.updated': memberChange,
} as const satisfies Record<string, Schema<unknown>>;
export type DurableEvent = keyof typeof DURABLE_EVENTS;

/** Private events: to the connections of one user, in `userRev` order. */
export const PRIVATE_EVENTS = {
  'room.added': memberRoomView,
  'room.gone': named('RoomGone', object({ roomId: ulid, reason: oneOf('left', 'removed', 'banned') })),
  'read.updated': readView,
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
