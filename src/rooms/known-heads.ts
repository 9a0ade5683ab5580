import type { RoomHead, RoomHeadRow } from './room-head.js';

/** Rooms in one generation; two are remembered, about 5 MiB. */
const GENERATION = 10_000;
/** Changes in a row that this node must have made before it relies on them, where it was wrong again and again. */
const MOST_NEEDED = 1024;

interface Known {
  row: RoomHeadRow;
  /** Changes in a row that this node made, as far as it has seen. */
  own: number;
  /** How many it takes until the head is taken as known. */
  needed: number;
  /** Whether it was taken, and has not been left again. */
  isTaken: boolean;
}

/**
 * Where this node left its rooms (ADR 0017). As long as no other node writes in a room, its head is known without a
 * question; whoever relies on it has it checked by the statement that moves it. Each time that this was wrong, it takes
 * twice as many changes of this node's own until the room's head is relied upon again; each time that it was right, one
 * fewer.
 */
export class KnownHeads {
  private young = new Map<string, Known>();
  private old = new Map<string, Known>();

  /**
   * The heads of these rooms, or null where one of them has to be asked for. What is taken is not known any more until
   * `leave`, so that whoever finds it wrong asks the next time.
   */
  take(roomIds: readonly string[]): RoomHeadRow[] | null {
    const known = roomIds.map((roomId) => this.find(roomId));
    if (!known.every((one) => one !== undefined && one.own >= one.needed)) return null;
    return known.map((one) => {
      Object.assign(one as Known, { own: 0, isTaken: true });
      return (one as Known).row;
    });
  }

  /** A head was read under its lock: shows whether this node knew it, and whether somebody took it in vain. */
  see(row: RoomHeadRow): void {
    const known = this.find(row.id);
    if (!known || known.row.headRev >= Number(row.headRev)) return;
    known.own = 0;
    if (known.isTaken) known.needed = Math.min(known.needed * 2, MOST_NEEDED);
    known.isTaken = false;
  }

  /** A change of this node was committed. One of members or settings changes more than a head shows. */
  leave(head: RoomHead): void {
    const known = this.find(head.id) ?? this.add(head.id, { row: head.toRow(), own: 0, needed: 1, isTaken: false });
    if (known.row.headRev > head.headRev) return;
    known.row = head.toRow();
    known.isTaken = false;
    if (head.isTaken) known.needed = Math.max(1, known.needed - 1);
    if (head.isTouched) known.own = 0;
    else known.own = head.isTaken ? known.needed : known.own + 1;
  }

  private find(roomId: string): Known | undefined {
    const young = this.young.get(roomId);
    if (young) return young;
    const old = this.old.get(roomId);
    return old && this.add(roomId, old);
  }

  private add(roomId: string, known: Known): Known {
    if (this.young.size >= GENERATION) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(roomId, known);
    return known;
  }
}
