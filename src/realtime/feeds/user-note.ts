import type { CloseReason } from '../../protocol/close-codes.js';
import type { ChatEvents } from '../../events/chat-events.js';

/** What nodes tell each other of one user. */
export type UserNote =
  | ({ readonly type: 'event' } & Omit<ChatEvents['UserChanged'], 'userId'>)
  | { readonly type: 'added'; readonly userRev: number; readonly roomId: string; readonly joinedRev: number }
  | { readonly type: 'away'; readonly sessionId: string; readonly isAway: boolean }
  | { readonly type: 'ended'; readonly sessionIds: readonly string[]; readonly reason: CloseReason };

/** The bus channel of a user. */
export const userChannel = (userId: string): string => `user:${userId}`;

export const encodeNote = (note: UserNote): string => JSON.stringify(note);

/** Only nodes of this installation publish notes, so their shape is trusted. */
export const decodeNote = (message: string): UserNote => JSON.parse(message) as UserNote;
