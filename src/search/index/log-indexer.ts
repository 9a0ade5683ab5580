import { type Has, hasOf } from '../has.js';
import { type Block, BlockWriter, roomTerm } from './block-writer.js';
import { type Indexed, flagsOf } from './block.js';
import { type IndexFile, blockIdOf, revOf } from './index-file.js';
import type { LogHead, LogRange, LogRow, MessageLog } from './message-log.js';

/**
 * Revs that are read and indexed in one go: the more, the fewer merges in the index. As many as have a text that is
 * done with in a fifth of a second, for which a search may have to wait.
 */
const REVS = { least: 500, most: 16_000 };
const UNITS = 800_000;

/** How far a room is indexed. */
export interface RoomState {
  readonly no: number;
  readonly id: string;
  readonly rev: number;
  /** When its newest indexed message was made, in epoch milliseconds. */
  readonly at: number;
}

interface Part extends LogRange {
  /** Null: nothing of the room is indexed yet. */
  readonly state: RoomState | null;
}

/** Indexes what the log has and the index has not. How far it came stands in the index, written with what it is about. */
export class LogIndexer {
  /** Messages that were indexed. */
  indexed = 0;
  private readonly writer = new BlockWriter();
  private revs = REVS.least;

  constructor(
    private readonly log: MessageLog,
    private readonly file: IndexFile,
  ) {}

  /** How far rooms are indexed, by id; those of which nothing is are missing. */
  statesOf(roomIds: readonly string[]): ReadonlyMap<string, RoomState> {
    const sql = 'SELECT no, id, rev, at FROM rooms WHERE id IN (SELECT value FROM json_each(?))';
    return new Map(this.file.all<RoomState>(sql, JSON.stringify(roomIds)).map((state) => [state.id, state]));
  }

  /**
   * Indexes the next revs of these rooms, as many as take a moment. A room whose log has gone back is not that of the
   * index any more: the index is cleared.
   *
   * @returns the rooms that are behind still
   */
  async step(roomIds: readonly string[]): Promise<string[]> {
    // Before the heads are read: what another process indexes meanwhile may be above them.
    const states = this.statesOf(roomIds);
    const heads = await this.log.heads(roomIds);
    if (heads.some(({ id, headRev }) => (states.get(id)?.rev ?? 0) > headRev)) {
      this.file.clear();
      return [...roomIds];
    }
    const behind = heads.filter(({ id, headRev }) => headRev > (states.get(id)?.rev ?? 0));
    const parts = partsOf(behind, states, this.revs);
    if (parts.length === 0) return [];
    const messages = await this.log.messages(parts);
    this.adapt(messages.reduce((sum, { text }) => sum + text.length, 0));
    const rows = groupByRoom(messages);
    const changed = await this.changedBlocks(parts);
    this.file.write(() => {
      const present = this.statesOf(parts.map(({ roomId }) => roomId));
      // Another process may have been here meanwhile; what it has not done comes with the next step.
      const own = parts.filter(({ roomId, state }) => present.get(roomId)?.rev === state?.rev);
      for (const part of own) this.store(part, { rows: rows.get(part.roomId) ?? [], changed });
    });
    const done = new Map(parts.map(({ roomId, to }) => [roomId, to]));
    return behind.filter(({ id, headRev }) => (done.get(id) ?? 0) < headRev).map(({ id }) => id);
  }

  private adapt(units: number): void {
    const wanted = units > UNITS ? this.revs / 2 : units < UNITS / 2 ? this.revs * 2 : this.revs;
    this.revs = Math.min(Math.max(Math.floor(wanted), REVS.least), REVS.most);
  }

  private store(part: Part, { rows, changed }: { rows: readonly LogRow[]; changed: readonly ChangedBlock[] }): void {
    const { roomId, to, state } = part;
    const no = state?.no ?? this.register(roomId);
    for (const block of changed) if (block.roomId === roomId) this.replace(no, block);
    this.insert(no, rows.map(toIndexed));
    this.indexed += rows.length;
    this.file.run('UPDATE rooms SET rev = ?, at = MAX(at, ?) WHERE no = ?', to, rows.at(-1)?.createdAt ?? 0, no);
  }

  private register(roomId: string): number {
    this.file.run('INSERT INTO rooms (id, rev, at) VALUES (?, 0, 0)', roomId);
    return this.file.all<{ no: number }>('SELECT no FROM rooms WHERE id = ?', roomId)[0].no;
  }

  private insert(no: number, messages: readonly Indexed[]): void {
    for (const block of this.writer.blocks(messages, roomTerm(no))) this.insertBlock(no, block);
  }

  private insertBlock(no: number, { rev, at, terms, messages }: Block): void {
    const id = blockIdOf(no, rev);
    this.file.run('INSERT INTO texts (rowid, terms) VALUES (?, ?)', id, terms);
    this.file.run('INSERT INTO blocks (id, at, messages) VALUES (?, ?, ?)', id, at, messages);
  }

  /** Takes away what was indexed of a stretch of the log, and indexes what it is now. */
  private replace(no: number, { from, to, rows }: ChangedBlock): void {
    const [first, last] = [blockIdOf(no, from), blockIdOf(no, to)];
    for (const { id } of this.file.all<{ id: number }>('SELECT id FROM blocks WHERE id BETWEEN ? AND ?', first, last)) {
      this.file.run('DELETE FROM texts WHERE rowid = ?', id);
      this.file.run('DELETE FROM blocks WHERE id = ?', id);
    }
    this.insert(no, rows.map(toIndexed));
  }

  /** The indexed stretches in which a message has changed, with the messages that are there now. */
  private async changedBlocks(parts: readonly Part[]): Promise<ChangedBlock[]> {
    const known = parts.filter(({ state }) => state !== null);
    const states = new Map(known.map(({ roomId, state }) => [roomId, state]));
    const stretches = new Map<string, LogRange>();
    for (const { roomId, messageRev } of await this.log.changes(known)) {
      const state = states.get(roomId);
      // What was indexed later than this has been read as it is now.
      if (!state || Number(messageRev) > state.rev) continue;
      const { from, to } = this.stretchOf(state, Number(messageRev));
      stretches.set(`${roomId} ${from}`, { roomId, from, to });
    }
    const rows = groupByRoom(await this.log.messages([...stretches.values()]));
    return [...stretches.values()].map((stretch) => ({ ...stretch, rows: rowsIn(rows.get(stretch.roomId), stretch) }));
  }

  /** From the beginning of the block that a rev is in to before the beginning of the next one. */
  private stretchOf({ no, rev }: RoomState, messageRev: number): { from: number; to: number } {
    const [first, at, last] = [blockIdOf(no, 0), blockIdOf(no, messageRev), blockIdOf(no, rev)];
    const before = 'SELECT id FROM blocks WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1';
    const behind = 'SELECT id FROM blocks WHERE id > ? AND id <= ? ORDER BY id LIMIT 1';
    const [start] = this.file.all<{ id: number }>(before, first, at);
    const [next] = this.file.all<{ id: number }>(behind, at, last);
    return { from: start ? revOf(start.id) : 1, to: next ? revOf(next.id) - 1 : rev };
  }
}

interface ChangedBlock extends LogRange {
  readonly rows: readonly LogRow[];
}

function partsOf(heads: readonly LogHead[], states: ReadonlyMap<string, RoomState>, revs: number): Part[] {
  let left = revs;
  const parts: Part[] = [];
  for (const { id, headRev, floorRev } of heads) {
    const state = states.get(id) ?? null;
    const from = Math.max(state?.rev ?? 0, floorRev) + 1;
    if (left <= 0) break;
    const to = Math.min(headRev, from + left - 1);
    parts.push({ roomId: id, from, to, state });
    left -= to - from + 1;
  }
  // In the order of their ids in the index, which is the one that it takes blocks in at the least cost.
  return parts.sort((a, b) => (a.state?.no ?? Infinity) - (b.state?.no ?? Infinity));
}

function groupByRoom(rows: readonly LogRow[]): ReadonlyMap<string, LogRow[]> {
  const rooms = new Map<string, LogRow[]>();
  for (const row of rows) {
    const known = rooms.get(row.roomId);
    if (known) known.push(row);
    else rooms.set(row.roomId, [row]);
  }
  return rooms;
}

const rowsIn = (rows: readonly LogRow[] | undefined, { from, to }: LogRange): LogRow[] =>
  (rows ?? []).filter(({ rev }) => rev >= from && rev <= to);

function toIndexed({ rev, senderId, text, payload, createdAt }: LogRow): Indexed {
  const has: Has[] = hasOf(text, payload === null ? null : (JSON.parse(payload) as Record<string, unknown>));
  return { rev, senderId, text, flags: has.reduce((flags, one) => flags | flagsOf[one], 0), at: createdAt };
}
