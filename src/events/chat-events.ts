import type { CloseReason } from '../protocol/close-codes.js';
import type { DurableEvent, PrivateEvent } from '../protocol/events.js';
import type { PreferencesView, PresenceChoice, ReceiptView } from '../protocol/views.js';

/** One durable change of a room, as the live frame and the catch-up show it. */
export interface RoomChange {
  readonly rev: number;
  readonly event: DurableEvent;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What stands in the frame's `data`; the same for every member. */
  readonly data: object;
  /** Whose membership ends with this change. */
  readonly leaves?: string;
  /** The rev of the message that changed, where it had been sent before: who may not see it may not see this. */
  readonly about?: number;
}

/** Who in a room is told of something that is not stored. */
export interface Audience {
  readonly roomId: string;
  /** The rev as of which the members are meant: whoever has left by then, or leaves later, is none of them. */
  readonly asOf: number;
  /** Members who are not told. */
  readonly hidden: readonly string[];
}

/**
 * What happened, by name: facts inside this process, told after the commit. The payload says all that a listener in
 * another folder needs, because it may not look into the one that told it.
 */
export interface ChatEvents {
  /** Changes of one room, ascending by rev, of one transaction. */
  RoomChanged: { readonly roomId: string; readonly changes: readonly RoomChange[] };

  /** Private state of a user changed; the frame goes to his connections. */
  UserChanged: {
    readonly userId: string;
    readonly userRev: number;
    readonly event: Exclude<PrivateEvent, 'room.added'>;
    readonly data: object;
    /** The room that he left with this. */
    readonly left?: { readonly roomId: string };
  };

  /** A user became a member with the change `joinedRev` (0: at the room's making, before any change). */
  MemberAdded: {
    readonly userId: string;
    readonly userRev: number;
    readonly roomId: string;
    readonly joinedRev: number;
  };

  /** Two users, the lower id first, became friends or are friends no longer. */
  FriendshipChanged: { readonly userIds: readonly [string, string]; readonly areFriends: boolean };

  /**
   * Who may write to whom may be otherwise for these pairs: a friendship or a block has begun or ended. Told inside the
   * transaction, once, with both users of each pair locked; those of a deleted user's go with `UserDeleted`.
   */
  ContactsChanged: { readonly pairs: readonly (readonly [string, string])[] };

  /** A user blocked another, or does so no longer. Nobody but he may be told. */
  BlockChanged: { readonly blockerId: string; readonly blockedId: string; readonly isBlocked: boolean };
  /** A user has another status, or chose what to be shown as. The choice with the greatest `userRev` holds. */
  StatusChanged: { readonly userId: string; readonly userRev: number; readonly presence: PresenceChoice | null };

  /** Somebody is writing in a room, or has stopped. Not stored. */
  TypingTold: Audience & { readonly userId: string; readonly typing: boolean };

  /** A member said how far he has received and read; nobody has been told of it yet. Not stored. */
  MarkTold: ReceiptView & { readonly roomId: string; readonly memberCount: number };

  /** Others are to be shown how far a member has received and read. */
  ReceiptMoved: Audience & { readonly receipt: ReceiptView };

  /** A client said over REST whether who uses it is away; it is about the connections of its login. Not stored. */
  AwayTold: { readonly userId: string; readonly sessionId: string; readonly isAway: boolean };

  /** A user chose anew; both are complete. What must hold at the answer listens inside the transaction. */
  PreferencesChanged: {
    readonly userId: string;
    readonly before: PreferencesView;
    readonly after: PreferencesView;
  };

  /**
   * An account was suspended; its logins end in the same transaction. He and all who are tied to him (`UserTies`) are
   * locked, so listeners inside it lock no users but only rooms.
   */
  UserSuspended: { readonly userId: string; readonly byId: string | null; readonly reason: string };

  /** A suspended account is active again. The same users are locked. */
  UserReinstated: { readonly userId: string };

  /**
   * An account is deleted; what belongs to the user in other folders ends inside the same transaction: memberships,
   * friendships, logins. His row is already that of a deleted user; the same users are locked as when he is suspended.
   * One listener alone locks rooms, all of his from the lowest id on.
   */
  UserDeleted: { readonly userId: string };

  /** Logins have ended. Their connections close with the reason; REST refuses them from now on. */
  SessionsEnded: {
    readonly userId: string;
    readonly sessionIds: readonly string[];
    readonly reason: CloseReason;
  };
}

/** The name of an event. */
export type ChatEventName = keyof ChatEvents;
