import { attachmentView } from './attachment-views.js';
import { reactionView, replyView } from './message-views.js';
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
import { roomSettings } from './room-views.js';

/** The roles of an account. */
export const USER_ROLES = ['user', 'admin', 'guest'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** The roles of a member, from most to least. */
export const MEMBER_ROLES = ['owner', 'admin', 'member'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

const userFields = {
  id: ulid,
  username: string,
  displayName: string,
  avatarUrl: nullable(string),
  bio: nullable(string),
  role: oneOf(...USER_ROLES),
  status: nullable(object({ text: nullable(string), emoji: nullable(string), expiresAt: nullable(time) })),
  createdAt: time,
};

/** A user as everybody may see him. */
export const userView = named('User', object(userFields));
export type UserView = TypeOf<typeof userView>;

/** Who may write to somebody directly, or add him to rooms. */
export const CONTACTS = ['everybody', 'friends', 'nobody'] as const;
export type Contact = (typeof CONTACTS)[number];

/**
 * What a user has chosen, with defaults where he has not: everybody may write to him, and others are told what he has
 * received and read (`receipts`).
 */
export const preferencesView = named('Preferences', object({ contact: oneOf(...CONTACTS), receipts: flag }));
export type PreferencesView = TypeOf<typeof preferencesView>;

/** What somebody may choose to be shown as, in place of what his connections say. */
export const PRESENCE_CHOICES = ['busy', 'invisible'] as const;
export type PresenceChoice = (typeof PRESENCE_CHOICES)[number];

/** A user as he sees himself. `presence`: what he has chosen to be shown as; null is as he is. */
export const meView = named(
  'Me',
  object({
    ...userFields,
    email: nullable(string),
    userRev: count,
    preferences: preferencesView,
    presence: nullable(oneOf(...PRESENCE_CHOICES)),
  }),
);
export type MeView = TypeOf<typeof meView>;

/** A friend: with what the caller calls him, for himself alone. */
export const friendView = named('Friend', object({ ...userFields, alias: nullable(string), since: time }));
export type FriendView = TypeOf<typeof friendView>;

/** One user has asked another to be friends. */
export const friendRequestView = named(
  'FriendRequest',
  object({ id: ulid, from: userView, to: userView, message: nullable(string), createdAt: time }),
);
export type FriendRequestView = TypeOf<typeof friendRequestView>;

/** Somebody whom the caller has blocked. */
export const blockView = named('Block', object({ user: userView, createdAt: time }));
export type BlockView = TypeOf<typeof blockView>;

/** A fresh pair of tokens with the user they are for. `expiresIn` is the access token's life in seconds. */
export const tokensView = named(
  'Tokens',
  object({ user: meView, accessToken: string, refreshToken: string, expiresIn: count, tokenType: oneOf('Bearer') }),
);
export type TokensView = TypeOf<typeof tokensView>;

/** One login of a user. `current` marks the one that asks. */
export const sessionView = named(
  'Session',
  object({
    id: ulid,
    device: nullable(string),
    userAgent: nullable(string),
    address: nullable(string),
    createdAt: time,
    usedAt: time,
    expiresAt: time,
    current: flag,
  }),
);
export type SessionView = TypeOf<typeof sessionView>;

/** A ticket that opens one socket, once, within `expiresIn` seconds. */
export const ticketView = named('Ticket', object({ ticket: string, expiresIn: count }));
export type TicketView = TypeOf<typeof ticketView>;

/** The fields of a message. */
export const messageFields = {
  id: ulid,
  roomId: ulid,
  seq: nullable(count),
  rev: count,
  lastRev: count,
  kind: oneOf('text', 'notice'),
  senderId: nullable(ulid),
  text: nullable(string),
  payload: nullable(open),
  /** null where it is no reply, and where the reader may not see what it answers to. */
  replyTo: nullable(replyView),
  attachments: list(attachmentView),
  reactions: list(reactionView),
  /** Ids of members, or `all` alone. */
  mentions: list(string),
  pinned: flag,
  editedAt: nullable(time),
  deletedAt: nullable(time),
  createdAt: time,
  /** Only where the reader has blocked the sender, in answers and never in frames: clients can fold it. */
  blocked: optional(flag),
};

/** A message or a notice. Notices have `kind: "notice"`, no `seq` and their facts in `payload`. */
export const messageView = named('Message', object(messageFields));
export type MessageView = TypeOf<typeof messageView>;

/** The fields of a room that are the same for everybody. */
export const roomFields = {
  id: ulid,
  kind: oneOf('group', 'direct'),
  visibility: oneOf('public', 'private'),
  name: nullable(string),
  topic: nullable(string),
  avatarUrl: nullable(string),
  ownerId: nullable(ulid),
  memberCount: count,
  archivedAt: nullable(time),
  settings: roomSettings,
  createdAt: time,
};

/** A room as somebody sees it who is not its member, and as it stands in frames. */
export const roomView = named('Room', object(roomFields));
export type RoomView = TypeOf<typeof roomView>;

/** How far somebody has read. `unread` is always headSeq − readSeq. */
export const readFields = { readSeq: count, readVersion: count, unread: count, mentions: count };

/** Up to where a member has received and read, as others are shown it; 0 where nothing is known. */
export const receiptView = named('Receipt', object({ userId: ulid, deliveredSeq: count, readSeq: count }));
export type ReceiptView = TypeOf<typeof receiptView>;
export const receiptsView = named('Receipts', object({ items: list(receiptView) }));
export type ReceiptsView = TypeOf<typeof receiptsView>;

/** A room as one member sees it, with that member's counters. `peer` is the other one of a direct room. */
export const memberRoomView = named(
  'MemberRoom',
  object({
    ...roomFields,
    role: oneOf(...MEMBER_ROLES),
    headRev: count,
    headSeq: count,
    ...readFields,
    notify: oneOf('all', 'mentions', 'none'),
    mutedUntil: nullable(time),
    alias: nullable(string),
    lastMessage: nullable(messageView),
    peer: optional(userView),
  }),
);
export type MemberRoomView = TypeOf<typeof memberRoomView>;

/** A member of a room. */
export const memberView = named(
  'Member',
  object({
    user: userView,
    role: oneOf(...MEMBER_ROLES),
    joinedAt: time,
    mutedUntil: nullable(time),
    /** Only where the reader has blocked him. */
    blocked: optional(flag),
  }),
);
export type MemberView = TypeOf<typeof memberView>;

/** How somebody is here. `invisible` is only what he himself sees; to others he is offline. */
export const PRESENCE_STATES = ['online', 'away', 'busy', 'invisible', 'offline'] as const;
export type PresenceState = (typeof PRESENCE_STATES)[number];

/** Whether a user is here, with his status. `lastSeenAt` moves at least once a minute while he is, and may be null. */
export const presenceView = named(
  'Presence',
  object({
    userId: ulid,
    state: oneOf(...PRESENCE_STATES),
    text: nullable(string),
    emoji: nullable(string),
    lastSeenAt: nullable(time),
  }),
);
export type PresenceView = TypeOf<typeof presenceView>;

/** Several users' presence. */
export const presencesView = named('Presences', object({ items: list(presenceView) }));
export type PresencesView = TypeOf<typeof presencesView>;

/** Members of a room who are here, in the order of their ids. `since`: from when on without a break. */
export const onlineView = named(
  'Online',
  object({
    count,
    items: list(object({ user: userView, state: oneOf(...PRESENCE_STATES), since: time })),
    next: nullable(string),
  }),
);
export type OnlineView = TypeOf<typeof onlineView>;

/** A ban. `until` is null for one without an end. */
export const banView = named(
  'Ban',
  object({ user: userView, byId: nullable(ulid), reason: nullable(string), until: nullable(time), createdAt: time }),
);
export type BanView = TypeOf<typeof banView>;

/** How far somebody has read in one room. */
export const readView = named('Read', object({ roomId: ulid, ...readFields }));
export type ReadView = TypeOf<typeof readView>;

/** One durable change of a room, carrying the present state of what it is about. */
export const changeView = named('Change', object({ rev: count, event: string, data: open }));
export type ChangeView = TypeOf<typeof changeView>;

/**
 * Changes after a rev, ascending. Everything up to `toRev` is covered. With `reset`, the client drops what it has of
 * the room: `items` are then the newest 50, and older ones are in the history.
 */
export const changesView = named(
  'Changes',
  object({ items: list(changeView), toRev: count, headRev: count, more: flag, reset: flag }),
);
export type ChangesView = TypeOf<typeof changesView>;

/** All private state of a user; the next page of rooms is at `next`. */
export const syncView = named(
  'Sync',
  object({
    epoch: string,
    userRev: count,
    rooms: list(memberRoomView),
    friends: object({ requestsIn: count, requestsOut: count }),
    unread: count,
    mentions: count,
    next: nullable(string),
  }),
);
export type SyncView = TypeOf<typeof syncView>;

/** What a client may know before it signs in. */
export const configView = named(
  'Config',
  object({
    name: string,
    version: string,
    limits: mapOf(count),
    features: object({ guests: flag, registration: oneOf('open', 'invite', 'closed'), search: flag }),
    /** The smallest client version that is still served. */
    minClient: string,
  }),
);
export type ConfigView = TypeOf<typeof configView>;

/** A page of a list. `next` (and `prev`, where the list goes both ways) is passed on as `cursor`. */
export const pageOf = <T>(item: Schema<T>) =>
  object({ items: list(item), next: nullable(string), prev: optional(nullable(string)) });
/** A page of a list, as a type. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly prev?: string | null;
}
