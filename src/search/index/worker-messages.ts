import type { DatabasePlace } from '../../database/data-source.js';
import type { IndexAnswer, IndexQuestion } from '../search-index.js';

/** What the thread is started with. */
export interface WorkerStart {
  /** The file of the index. */
  readonly path: string;
  readonly epoch: string;
  readonly database: DatabasePlace;
}

/** To the thread. */
export type ToWorker =
  | { readonly kind: 'find'; readonly no: number; readonly question: IndexQuestion }
  | { readonly kind: 'changed'; readonly roomIds: readonly string[] }
  | { readonly kind: 'stop' };

/** How the index is. */
export interface IndexState {
  /** Messages that this thread has indexed since its start. */
  readonly indexed: number;
  /** Rooms that are known to be behind. */
  readonly roomsBehind: number;
  /** Whether all rooms have been looked at since the start. */
  readonly hasSeenAll: boolean;
  /** Milliseconds for which the thread was busy. */
  readonly busyMs: number;
  /** What went wrong with the last step, if it did. */
  readonly fault: string | null;
}

/** From the thread. */
export type FromWorker =
  | { readonly kind: 'found'; readonly no: number; readonly answer: IndexAnswer }
  | { readonly kind: 'failed'; readonly no: number; readonly fault: string }
  | { readonly kind: 'state'; readonly state: IndexState };
