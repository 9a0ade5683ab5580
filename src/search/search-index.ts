import type { Has } from './has.js';
import type { Run } from './index/terms.js';

/** A place among all messages, the newest first: by time, then room, then rev. */
export interface Place {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly roomId: string;
  readonly rev: number;
}

/** A message that may be a match. */
export type RoomHit = Place;

/** A room of the searcher's. */
export interface RoomToSearch {
  readonly id: string;
  /** The first rev that he may see, and the newest one there is. */
  readonly from: number;
  readonly headRev: number;
}

/** What the index is asked for. */
export interface IndexQuestion {
  readonly rooms: readonly RoomToSearch[];
  /** Terms that must all occur, those of a run next to each other. */
  readonly runs: readonly Run[];
  readonly senderId: string | null;
  readonly has: Has | null;
  /** Epoch milliseconds; the first is included, the last is not. */
  readonly since: number;
  readonly until: number;
  /** Nothing at or above this place. */
  readonly below: Place | null;
  readonly limit: number;
}

/** What the index answers. */
export interface IndexAnswer {
  /** At most `limit`, the newest first. Each may be none (its text has changed), and none is missing that is indexed. */
  readonly hits: readonly RoomHit[];
  /** Where to go on, as `below`, also where fewer than `limit` were found in as much as one request looks through; null when that was all. */
  readonly end: Place | null;
  /** Revs of the rooms that are indexed, and that there are. */
  readonly indexed: number;
  readonly total: number;
}

/**
 * An index of all messages, derived from the log: it may be thrown away at any time and makes itself again. It only
 * proposes; who asks looks at the rows, so nothing is shown that has changed or may not be seen.
 */
export abstract class SearchIndex {
  /**
   * Messages that may match, the newest first. What the rooms have above what is indexed is indexed first, as far as
   * that takes no longer than a moment.
   *
   * @throws ChatError `UNAVAILABLE` where the index cannot be asked now
   */
  abstract find(question: IndexQuestion): Promise<IndexAnswer>;
}
