/** What says how much of a room's log a member may see. */
interface HistoryBounds {
  /** Changes at or below it can no longer be served. */
  readonly floorRev: number;
  /** Nothing below it is shown to the member; 0 hides nothing. */
  readonly visibleFromRev: number;
}

/** The first rev that a member may see, by whatever way: history, catch-up, search, export. */
export const firstVisibleRev = ({ floorRev, visibleFromRev }: HistoryBounds): number =>
  Math.max(Number(floorRev) + 1, Number(visibleFromRev), 1);
