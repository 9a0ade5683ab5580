import type { CloseReason } from '../protocol/close-codes.js';
import type { DurableEvent, PrivateEvent } from '../protocol/events.js';

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

  /** An account was suspended; its logins end in the same transaction. */
  UserSuspended: { readonly userId: string; readonly byId: string | null; readonly reason: string };

  /** Logins have ended. Their connections close with the reason; REST refuses them from now on. */
  SessionsEnded: {
    readonly userId: string;
    readonly sessionIds: readonly string[];
    readonly reason: CloseReason;
  };
}

/** The name of an event. */
export type ChatEventName = keyof ChatEvents;
