import { type TypeOf, count, flag, list, named, nullable, object, string, time, ulid, type Schema } from './schema.js';
import { type PresenceState, changesView, meView, presencesView, readFields } from './views.js';

/** Who opens a session: exactly one of `token` and `ticket`, or neither where the upgrade carried a bearer token. */
export interface SessionStart {
  readonly token?: string;
  readonly ticket?: string;
  /** What the user calls this device, for the list of logins. */
  readonly device?: string;
  readonly cursor?: {
    readonly epoch?: string;
    readonly userRev?: number;
    /** The last rev applied, by room. */
    readonly rooms?: Readonly<Record<string, number>>;
  };
  /** Rooms whose missed changes are sent at once. */
  readonly open?: readonly string[];
  /** `all`: full frames of every room. `open`: full frames of open rooms, `room.activity` of the others. */
  readonly follow?: 'all' | 'open';
  /** Users whose presence is told from the start on, with a snapshot first. */
  readonly watch?: readonly string[];
  /** Several frames may come in one WebSocket message, as a JSON array of at most 64. */
  readonly batch?: boolean;
}

/** A message to store. `id` is a ULID of the sender's making and the idempotency key for ever. */
export interface SendMessage {
  readonly roomId: string;
  readonly id: string;
  /** May be left out where the message has something else. */
  readonly text?: string;
  /** The message of this room that it answers to. */
  readonly replyToId?: string;
  /** Ids of members it speaks to, or `all` for everybody. */
  readonly mentions?: readonly string[];
  /** Uploads of the sender's that go with it, in this order. */
  readonly attachmentIds?: readonly string[];
  /** The message that is copied as it is now, with its attachments; in the place of everything else. */
  readonly forwardOf?: string;
}

/** Moves the caller's read mark forward; with `unread`, also back. */
export interface ReadRoom {
  readonly roomId: string;
  readonly readSeq: number;
  /** Up to where the client has received, for the receipts of others; what is read counts as received. */
  readonly deliveredSeq?: number;
  readonly unread?: boolean;
  /** The `readVersion` the client knows; a mark with an older one is not applied. */
  readonly readVersion?: number;
}

/** Gives one's own message another text. */
export interface EditMessage {
  readonly roomId: string;
  readonly id: string;
  readonly text: string;
  /** The `lastRev` that the author knows; where the message has another one, nothing is changed. */
  readonly expectedRev?: number;
}

/** Deletes a message for all. */
export interface DeleteMessage {
  readonly roomId: string;
  readonly id: string;
}

/** Reacts to a message, or takes that back. */
export interface ReactToMessage {
  readonly roomId: string;
  readonly id: string;
  readonly emoji: string;
}

/** Asks for the changes of a room after `since`. */
export interface ListChanges {
  readonly roomId: string;
  readonly since: number;
  /** 1 to `limits.changesPage`, which is also the default. */
  readonly limit?: number;
}

/** One room, by id. */
export interface RoomTarget {
  readonly roomId: string;
}

/**
 * How the user is to be shown. `away` is about this connection, until it says another one; the others are his choice,
 * on every device and for the next time too. What is left out of the status stays, null clears it.
 */
export interface SetPresence {
  readonly state: Exclude<PresenceState, 'offline'>;
  readonly text?: string | null;
  readonly emoji?: string | null;
  /** When the status ends. */
  readonly expiresAt?: string | null;
}

/** Whether the caller is writing something in a room. */
export interface TellTyping {
  readonly roomId: string;
  readonly typing: boolean;
}

/** Users, by id. */
export interface UserTargets {
  readonly userIds: readonly string[];
}

/** The answer to a send. `duplicate`: it had been stored before, and these are its numbers. */
export const sendAck = named('SendAck', object({ id: ulid, seq: count, rev: count, createdAt: time, duplicate: flag }));
export type SendAck = TypeOf<typeof sendAck>;

/** The answer to a read mark. */
export const readAck = named('ReadAck', object(readFields));
export type ReadAck = TypeOf<typeof readAck>;

/** Where one room stands at the start of a session. */
export const readyRoom = named('ReadyRoom', object({ roomId: ulid, headRev: count, headSeq: count, ...readFields }));
export type ReadyRoom = TypeOf<typeof readyRoom>;

/**
 * The answer to `session.start`. At most 500 rooms; with `more`, the rest is at `GET /sync`. With `reset` the client's
 * cursor is of another epoch and worth nothing.
 */
export const sessionReady = named(
  'SessionReady',
  object({
    connectionId: ulid,
    sessionId: ulid,
    user: meView,
    epoch: string,
    userRev: count,
    expiresAt: time,
    rooms: list(readyRoom),
    more: flag,
    reset: flag,
  }),
);
export type SessionReady = TypeOf<typeof sessionReady>;

const nothing = object({});
/** The rev of the message's last change. */
const lastChange = object({ rev: count });

/** What every command is answered with; the key is the command's name on the wire. */
export const COMMAND_ACKS = {
  'session.start': sessionReady,
  'session.refresh': object({ expiresAt: time }),
  ping: object({ serverTime: time }),
  'message.send': sendAck,
  'message.edit': lastChange,
  'message.delete': lastChange,
  'message.react': lastChange,
  'message.unreact': lastChange,
  'room.changes': changesView,
  'room.open': object({ headRev: count }),
  'room.close': nothing,
  'room.read': readAck,
  'room.typing': nothing,
  'presence.set': nothing,
  'presence.watch': presencesView,
  'presence.unwatch': nothing,
} as const satisfies Record<string, Schema<unknown>>;

/** The commands of the socket. */
export type CommandName = keyof typeof COMMAND_ACKS;

/** What the client sends with each command. */
export interface Commands {
  'session.start': SessionStart;
  'session.refresh': { readonly token: string };
  ping: Readonly<Record<string, never>>;
  'message.send': SendMessage;
  'message.edit': EditMessage;
  'message.delete': DeleteMessage;
  'message.react': ReactToMessage;
  'message.unreact': ReactToMessage;
  'room.changes': ListChanges;
  'room.open': RoomTarget;
  'room.close': RoomTarget;
  'room.read': ReadRoom;
  'room.typing': TellTyping;
  'presence.set': SetPresence;
  'presence.watch': UserTargets;
  'presence.unwatch': UserTargets;
}

/** What each command's ack carries. */
export type Acks = { readonly [K in CommandName]: TypeOf<(typeof COMMAND_ACKS)[K]> };

/** The last message of a room in short, in `room.activity`. */
export const activityPreview = nullable(object({ id: ulid, senderId: nullable(ulid), text: nullable(string) }));
