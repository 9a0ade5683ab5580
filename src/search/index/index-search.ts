import { type Filter, type Hit, type Wanted, hitsIn, toWanted } from './block.js';
import { hasTerm, roomTerm, senderTerm } from './block-writer.js';
import { type IndexFile, blockIdOf, revOf, roomNoOf } from './index-file.js';
import type { RoomState } from './log-indexer.js';
import type { Place, RoomHit } from '../search-index.js';

/** Terms of a query that the index is asked for; the codes of a block tell the rest. */
const TERMS = 12;
/** Blocks that one search reads, some 20 ms; to ask for the terms of a room costs as much as to read some. */
const BLOCKS = 5000;
/** Codes that one search holds against its runs: a block of one long message has fifty times as many as a usual one. */
const CODES = 10_000_000;
const ASKING = 32;
/** Rooms from which on all are asked at once, and blocks up to which the answer is taken for all. */
const MANY_ROOMS = 8;
const FEW_BLOCKS = 20_000;
/** Blocks that are read of a room at once: first, and at most. */
const FIRST_BLOCKS = 4;
const MOST_BLOCKS = 512;
/** Blocks of a room that are looked through without asking for their terms: of many rooms each has few at the top. */
const UNASKED = 7;

/** A room that is searched: revs from one to before another one. */
export interface SearchedRoom {
  readonly state: RoomState;
  readonly from: number;
  readonly before: number;
}

export interface Search extends Filter {
  readonly rooms: readonly SearchedRoom[];
  /** Epoch milliseconds; the first is included, the last is not. */
  readonly since: number;
  readonly until: number;
  /** Nothing at or above this place. */
  readonly below: Place | null;
  readonly limit: number;
}

interface BlockRow {
  readonly id: number;
  readonly at: number;
  readonly messages: Uint8Array;
}

/**
 * Finds messages in the index, the newest first. Blocks ascend by room and rev, and time never falls in a room: so each
 * room is a list in order, of which only the top is read, and the rooms are merged.
 */
export class IndexSearch {
  private readonly tops: RoomTop[] = [];
  private readonly wanted: Wanted;
  private blocks = 0;
  private codes = 0;

  constructor(
    private readonly file: IndexFile,
    private readonly search: Search,
  ) {
    this.wanted = toWanted(search);
  }

  /** The newest hits, and where to go on when there may be more. */
  find(): { hits: RoomHit[]; end: Place | null } {
    const hits: RoomHit[] = [];
    this.start();
    for (;;) {
      const top = this.tops.at(-1);
      if (!top) return { hits, end: null };
      if (hits.length === this.search.limit || (this.isSpent && top.hits.length === 0)) {
        return { hits, end: above(top.place) };
      }
      this.tops.pop();
      const hit = top.hits.pop();
      if (hit) hits.push({ roomId: top.room.state.id, ...hit });
      if (top.hits.length > 0 || this.goesOn(top)) this.push(top);
    }
  }

  /** Whether no more may be read: what was found so far is the answer. */
  private get isSpent(): boolean {
    return this.blocks >= BLOCKS || this.codes >= CODES;
  }

  private start(): void {
    const { rooms, since, until, below } = this.search;
    const newest = Math.min(until, below?.at ?? Infinity);
    const isOneOfMany = rooms.length > MANY_ROOMS;
    const lists = isOneOfMany ? this.listsOfRooms() : null;
    for (const room of rooms) {
      if (room.state.at < since) continue;
      const list = lists && (lists.get(room.state.no) ?? []);
      const top = new RoomTop(room, { before: this.beforeIn(room), at: newest, list, isOneOfMany });
      if (!top.isDone) this.push(top);
    }
  }

  /**
   * The blocks with all terms by room, ascending, where that is one question for all; null where there are too many:
   * then what is looked for is frequent, and soon found without.
   */
  private listsOfRooms(): ReadonlyMap<number, number[]> | null {
    const sql = `SELECT json_group_array(id) AS json FROM (SELECT rowid AS id FROM texts WHERE texts MATCH ? LIMIT ?)`;
    const [{ json }] = this.file.all<{ json: string }>(sql, this.match(), FEW_BLOCKS + 1);
    const ids = JSON.parse(json) as number[];
    if (ids.length > FEW_BLOCKS) return null;
    const lists = new Map<number, number[]>();
    for (const id of ids) {
      const list = lists.get(roomNoOf(id));
      if (list) list.push(id);
      else lists.set(roomNoOf(id), [id]);
    }
    return lists;
  }

  /** Reads on in a room, once, where more may be read: then another one may come first. False where it has no more. */
  private goesOn(top: RoomTop): boolean {
    if (top.isDone) return false;
    if (this.isSpent) return true;
    const rows = this.blocksBelow(top);
    this.blocks += rows.length;
    const { hits, looked } = this.lookThrough(rows, top);
    const lowest = looked > 0 ? rows[looked - 1] : null;
    const isAll = looked === rows.length && rows.length < top.step;
    if (!lowest || isAll || lowest.at < this.search.since || revOf(lowest.id) <= top.room.from) top.end(hits);
    else top.add(hits, lowest);
    return !top.isDone || top.hits.length > 0;
  }

  /** The hits of as many of the blocks, the newest first, as may be looked through: the first one at least. */
  private lookThrough(rows: readonly BlockRow[], { room, before }: RoomTop): { hits: Hit[]; looked: number } {
    const runs = Math.max(this.wanted.runs.length, 1);
    const found: Hit[][] = [];
    for (const row of rows) {
      if (this.codes >= CODES) break;
      this.codes += (row.messages.byteLength / 2) * runs;
      found.push(this.hitsOf(row, room, before));
    }
    return { hits: found.reverse().flat(), looked: found.length };
  }

  /** The next blocks of a room that may have hits, the newest first. */
  private blocksBelow({ room, before, list, step, read, isOneOfMany }: RoomTop): BlockRow[] {
    const { no } = room.state;
    if (list) {
      while (list.length > 0 && list[list.length - 1] >= blockIdOf(no, before)) list.pop();
      const sql = 'SELECT id, at, messages FROM blocks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC';
      return list.length === 0 ? [] : this.file.all<BlockRow>(sql, JSON.stringify(list.splice(-step)));
    }
    const range = [blockIdOf(no, 0), blockIdOf(no, before), step];
    if (read < UNASKED && isOneOfMany) {
      const sql = 'SELECT id, at, messages FROM blocks WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?';
      return this.file.all<BlockRow>(sql, ...range);
    }
    this.blocks += ASKING;
    return this.file.all<BlockRow>(
      `SELECT b.id AS id, b.at AS at, b.messages AS messages FROM texts t JOIN blocks b ON b.id = t.rowid
       WHERE t.texts MATCH ? AND t.rowid >= ? AND t.rowid < ? ORDER BY t.rowid DESC LIMIT ?`,
      this.match(roomTerm(no)),
      ...range,
    );
  }

  private hitsOf(row: BlockRow, { from, state }: SearchedRoom, before: number): Hit[] {
    const { since, until, below } = this.search;
    return hitsIn({ rev: revOf(row.id), at: row.at, messages: row.messages }, this.wanted).filter(
      ({ rev, at }) =>
        rev >= from &&
        rev < before &&
        at >= since &&
        at < until &&
        (below === null || isBelow({ at, roomId: state.id, rev }, below)),
    );
  }

  /** Before which rev a room is searched, so that nothing is read that is too new. */
  private beforeIn(room: SearchedRoom): number {
    const { below, until } = this.search;
    const { state, before } = room;
    if (below?.roomId === state.id) return Math.min(before, below.rev);
    const end = Math.min(until, below ? below.at + 1 : Infinity);
    if (state.at < end) return before;
    // The first block that begins too late; what is too new in the one before is left out message by message.
    let [low, high] = [room.from, before];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const block = this.blockAt(state.no, middle);
      if (block && block.at >= end) high = Math.min(middle, revOf(block.id));
      else low = middle + 1;
    }
    return low;
  }

  private blockAt(no: number, rev: number): { id: number; at: number } | undefined {
    const sql = 'SELECT id, at FROM blocks WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1';
    return this.file.all<{ id: number; at: number }>(sql, blockIdOf(no, 0), blockIdOf(no, rev))[0];
  }

  private match(room?: string): string {
    const { runs, senderId, has } = this.search;
    const terms = [...new Set(runs.flat())].slice(0, TERMS);
    if (senderId !== null) terms.unshift(senderTerm(senderId));
    if (has !== null) terms.unshift(hasTerm(has));
    if (room) terms.unshift(room);
    return terms.map((term) => `"${term}"`).join(' AND ');
  }

  /** The highest at the end, so that it is taken off cheaply. */
  private push(top: RoomTop): void {
    const { tops } = this;
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBelow(tops[middle].place, top.place)) low = middle + 1;
      else high = middle;
    }
    tops.splice(low, 0, top);
  }
}

/** What has been read of a room and not been taken, and up to where it has been read. */
class RoomTop {
  /** Ascending by rev. */
  hits: Hit[] = [];
  isDone = false;
  step: number;
  /** Blocks that were read. */
  read = 0;
  before: number;
  /** The blocks that may have hits, where they are known. */
  readonly list: number[] | null;
  readonly isOneOfMany: boolean;
  private bound: number;

  /** `before`: the first rev that is not looked at; nothing is newer than `at`. */
  constructor(
    readonly room: SearchedRoom,
    { before, at, list, isOneOfMany }: { before: number; at: number; list: number[] | null; isOneOfMany: boolean },
  ) {
    this.before = before;
    this.list = list;
    this.bound = Math.min(room.state.at, at);
    this.step = isOneOfMany ? 1 : FIRST_BLOCKS;
    this.isOneOfMany = isOneOfMany;
    this.isDone = before <= room.from || list?.length === 0;
  }

  add(hits: Hit[], lowest: { id: number; at: number }): void {
    this.hits = hits;
    this.before = revOf(lowest.id);
    this.bound = lowest.at;
    this.read += this.step;
    this.step = Math.min((this.isOneOfMany ? 2 : 4) * this.step, MOST_BLOCKS);
  }

  /** There is no more than this. */
  end(hits: Hit[]): void {
    this.hits = hits;
    this.isDone = true;
    this.bound = -1;
    this.before = this.room.from;
  }

  /** Nothing of the room that is still to come is above it. */
  get place(): Place {
    const roomId = this.room.state.id;
    const hit = this.hits.at(-1);
    return hit ? { roomId, ...hit } : { roomId, at: this.bound, rev: this.before - 1 };
  }
}

/** Whether one place comes after another one, the newest first. */
function isBelow(one: Place, other: Place): boolean {
  if (one.at !== other.at) return one.at < other.at;
  return one.roomId === other.roomId ? one.rev < other.rev : one.roomId < other.roomId;
}

const above = (place: Place): Place => ({ ...place, rev: place.rev + 1 });
