import type { RoomSettingsView } from '../src/protocol/room-views.js';
import type { PageAsk } from './page-ask.js';

/** A page of history: at most one of `before`, `after` and `around` (revs) and `at` (a time); none is the newest page. */
export interface HistoryAsk extends PageAsk {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly at?: string;
}

/** A search: one of `q`, `senderId` and `has` at least. */
export interface SearchAsk extends PageAsk {
  /** Words that must all occur; those in double quotes next to each other. */
  readonly q?: string;
  readonly roomId?: string;
  readonly senderId?: string;
  readonly has?: 'file' | 'image' | 'link';
  /** RFC 3339, both included. */
  readonly from?: string;
  readonly to?: string;
}

/** A room to be made. */
export interface RoomDraft {
  readonly name: string;
  readonly topic?: string;
  readonly visibility: 'public' | 'private';
  readonly memberIds?: readonly string[];
}

/** What is to change about a room; what is left out stays. */
export interface RoomChanges {
  readonly name?: string;
  readonly topic?: string | null;
  readonly visibility?: 'public' | 'private';
  readonly settings?: Partial<RoomSettingsView>;
}

/** What is to change of what one set for oneself in a room; null clears. */
export interface OwnSettings {
  readonly notify?: 'all' | 'mentions' | 'none';
  readonly mutedUntil?: string | null;
  readonly alias?: string | null;
}

/** An account to be made. */
export interface Registration {
  readonly username: string;
  readonly password: string;
  readonly displayName?: string;
  readonly email?: string;
}

/** What of a profile is to change. */
export interface ProfileChange {
  readonly displayName?: string;
  readonly bio?: string | null;
  readonly email?: string | null;
  readonly status?: {
    readonly text?: string | null;
    readonly emoji?: string | null;
    readonly expiresAt?: string | null;
  } | null;
}
