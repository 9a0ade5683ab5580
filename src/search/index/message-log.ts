/** Where a room's log ends, and from which rev on it is kept. */
export interface LogHead {
  readonly id: string;
  readonly headRev: number;
  readonly floorRev: number;
}

/** Revs of a room, both ends included. */
export interface LogRange {
  readonly roomId: string;
  readonly from: number;
  readonly to: number;
}

/** A message with text as it is now. */
export interface LogRow {
  readonly roomId: string;
  readonly rev: number;
  readonly senderId: string | null;
  readonly text: string;
  /** JSON. */
  readonly payload: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** A message that was changed after it was sent. */
export interface LogChange {
  readonly roomId: string;
  readonly messageRev: number;
}

/** The log in the main database, read by a thread that has a connection of its own and never writes. */
export interface MessageLog {
  /** The epoch of the installation; null where no server has been started yet. */
  epoch(): Promise<string | null>;
  /** Rooms in the order of their ids, behind one. */
  rooms(behind: string, limit: number): Promise<LogHead[]>;
  /** Those of the rooms that there are. */
  heads(roomIds: readonly string[]): Promise<LogHead[]>;
  /** Messages that people wrote, with their present texts, ascending by rev in each room; no deleted ones. */
  messages(ranges: readonly LogRange[]): Promise<LogRow[]>;
  /** Which messages changed with these revs. */
  changes(ranges: readonly LogRange[]): Promise<LogChange[]>;
  close(): Promise<void>;
}
