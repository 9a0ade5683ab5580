/** Something that has a row of its own. */
export interface Keyed {
  readonly id: string;
}

/** Rows from `from` up to, not including, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Where rows of unknown height stand: each has the height it was measured with, also when it was above or below others
 * then, and a guessed one until that. A row is known by its id, so rows may come in at both ends.
 */
export class RowHeights<Row extends Keyed> {
  private readonly known = new Map<string, number>();
  private readonly ids: string[] = [];
  private heights = new Float64Array(0);
  private tops = new Float64Array(1);
  /** Tops up to this index are right. */
  private cleanTo = 0;

  constructor(private readonly guess: (row: Row) => number) {}

  get count(): number {
    return this.ids.length;
  }

  /** The height of all rows together. */
  get total(): number {
    return this.topOf(this.count);
  }

  /** Takes the rows as they are now. Rows that were only added at the end cost only themselves. */
  setRows(rows: readonly Row[]): void {
    const before = this.count;
    const isSame =
      before <= rows.length && this.ids[0] === rows[0]?.id && this.ids[before - 1] === rows[before - 1]?.id;
    if (isSame && before === rows.length) return;
    const keep = isSame ? before : 0;
    this.ids.length = keep;
    for (const { id } of rows.slice(keep)) this.ids.push(id);
    this.heights = grown(this.heights, keep, rows.length);
    this.tops = grown(this.tops, keep + 1, rows.length + 1);
    this.cleanTo = Math.min(this.cleanTo, keep);
    for (let at = keep; at < rows.length; at++) {
      const row = rows[at] as Row;
      this.heights[at] = this.known.get(row.id) ?? this.guess(row);
    }
  }

  /** A row has been seen with this height. Says whether that is news. */
  measure(index: number, height: number): boolean {
    const id = this.ids[index];
    if (id === undefined) return false;
    this.known.set(id, height);
    if (Math.abs((this.heights[index] ?? 0) - height) < 0.01) return false;
    this.heights[index] = height;
    this.cleanTo = Math.min(this.cleanTo, index);
    return true;
  }

  /** Forgets what was measured: rows have another width now. They keep their heights as guesses. */
  forget(): void {
    this.known.clear();
  }

  /** Where a row begins; for the number of rows, where the last one ends. */
  topOf(index: number): number {
    for (; this.cleanTo < index; this.cleanTo++) {
      this.tops[this.cleanTo + 1] = (this.tops[this.cleanTo] ?? 0) + (this.heights[this.cleanTo] ?? 0);
    }
    return this.tops[index] ?? 0;
  }

  /** The row that stands at a height; the first or last one beyond the ends. */
  indexAt(y: number): number {
    let [low, high] = [0, this.count - 1];
    this.topOf(this.count);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.topOf(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** The rows that stand between two heights, wholly or in part. */
  between(top: number, bottom: number): Range {
    if (this.count === 0) return { from: 0, to: 0 };
    return { from: this.indexAt(top), to: this.indexAt(bottom) + 1 };
  }

  /** The place of a row, looked for near `hint` first; -1 where there is none. */
  indexOf(id: string, hint = 0): number {
    return this.ids[hint] === id ? hint : this.ids.indexOf(id);
  }

  idAt(index: number): string | undefined {
    return this.ids[index];
  }
}

function grown(given: Float64Array<ArrayBuffer>, keep: number, length: number): Float64Array<ArrayBuffer> {
  // Twice as long as needed, so that a room that grows line by line is not copied line by line.
  const room = given.length >= length ? given : new Float64Array(length * 2);
  if (room !== given) room.set(given.subarray(0, keep));
  return room;
}
