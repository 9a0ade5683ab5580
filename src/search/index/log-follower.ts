import type { IndexFile } from './index-file.js';
import { isDamage } from './index-file.js';
import type { LogIndexer } from './log-indexer.js';
import type { MessageLog } from './message-log.js';

/** Rooms whose heads are looked at at once, and that are indexed at once. */
const LOOK = 1000;
const STEP = 200;

/**
 * Keeps the index up with the log. What this node writes it is told; what others have written it finds by looking at the
 * heads of all rooms, a thousand at a time, one thousand after the other for ever: that costs the same whatever the
 * number of rooms. What somebody searches is not left to that: `catchUp` comes first.
 */
export class LogFollower {
  /** Rooms that are behind, in the order in which that was found. */
  private readonly behind = new Set<string>();
  private lookedAt = '';
  hasSeenAll = false;
  fault: string | null = null;

  constructor(
    private readonly log: MessageLog,
    private readonly file: IndexFile,
    private readonly indexer: LogIndexer,
  ) {}

  get roomsBehind(): number {
    return this.behind.size;
  }

  add(roomIds: readonly string[]): void {
    for (const id of roomIds) this.behind.add(id);
  }

  /** Looks at the heads of the next rooms; those that are behind are indexed by `step`. */
  async look(): Promise<void> {
    if (!this.file.isThere) this.startAnew();
    const heads = await this.guard(() => this.log.rooms(this.lookedAt, LOOK));
    if (!heads) return;
    const states = this.indexer.statesOf(heads.map(({ id }) => id));
    this.add(heads.filter(({ id, headRev }) => (states.get(id)?.rev ?? 0) !== headRev).map(({ id }) => id));
    const isLast = heads.length < LOOK;
    this.lookedAt = isLast ? '' : heads[heads.length - 1].id;
    this.hasSeenAll ||= isLast;
  }

  /** Indexes a part of what is behind; false when nothing is, or when it cannot be done now. */
  async step(): Promise<boolean> {
    const roomIds = [...this.behind].slice(0, STEP);
    if (roomIds.length === 0) return false;
    for (const id of roomIds) this.behind.delete(id);
    const left = await this.guard(() => this.indexer.step(roomIds));
    this.add(left ?? roomIds);
    return left !== null;
  }

  /** Indexes these rooms before all others, until they are up with the log or the time is over. */
  async catchUp(roomIds: readonly string[], ms: number): Promise<void> {
    const end = performance.now() + ms;
    let left: readonly string[] | null = roomIds;
    while (left && left.length > 0 && performance.now() < end) {
      const part: readonly string[] = left;
      const behind: string[] | null = await this.guard(() => this.indexer.step(part.slice(0, STEP)));
      left = behind && [...behind, ...part.slice(STEP)];
    }
    this.add(left ?? roomIds);
  }

  /** The work's result; null where it failed. A torn file is made anew. */
  private async guard<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const result = await work();
      this.fault = null;
      return result;
    } catch (error) {
      this.fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (isDamage(error)) this.startAnew();
      return null;
    }
  }

  /** The file is gone or torn: all that was known of it is worth nothing. */
  startAnew(): void {
    this.file.renew();
    this.lookedAt = '';
    this.hasSeenAll = false;
  }
}
