import { Injectable } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import type { MessageChangeEvent } from '../protocol/events.js';
import type { ShownMessage } from '../rooms/message.view.js';

/** A stretch of a room's log: revs above `after` and below `before`. */
export interface Stretch {
  readonly roomId: string;
  readonly after: number;
  readonly before?: number;
}

/** A stretch of the log with an end. */
export type Bounded = Stretch & { readonly before: number };

/** The last change of a message that was sent before. */
export interface ChangeOfOlder {
  readonly rev: number;
  readonly messageRev: number;
  readonly event: MessageChangeEvent;
}

/** How much text stands at a rev; a deleted message has none. */
export interface Size {
  readonly rev: number;
  readonly bytes: number | null;
}

type Row = Omit<ShownMessage, 'payload'> & { readonly payload: string | null };

/** What of a row is read. */
const NAMES = [
  'roomId',
  'rev',
  'id',
  'lastRev',
  'seq',
  'kind',
  'senderId',
  'text',
  'payload',
  'editedAt',
  'deletedAt',
  'createdAt',
] as const;

/** Written out, so that all rows have one shape: a loop over the names costs ten times as much. */
function toRow(values: readonly unknown[]): Row {
  const [roomId, rev, id, lastRev, seq, kind, senderId, text, payload, editedAt, deletedAt, createdAt] =
    values as ValuesOf<typeof NAMES>;
  return { roomId, rev, id, lastRev, seq, kind, senderId, text, payload, editedAt, deletedAt, createdAt };
}

/** Messages below a stretch by their last change in it. */
const CHANGED_OLDER = `FROM message_changes c JOIN messages m ON m.roomId = c.roomId AND m.rev = c.messageRev
  WHERE c.roomId = ? AND c.rev > ? AND c.rev < ? AND c.messageRev <= ?`;

type ValuesOf<N extends readonly (keyof Row)[]> = { readonly [I in keyof N]: Row[N[I]] };

/**
 * Reads of the log, each a range of the key (roomId, rev), so they cost the same at any depth. Plain SQL: TypeORM's
 * hydration would cost a page more than reading it.
 */
@Injectable()
export class MessageQueries {
  constructor(private readonly reads: Reads) {}

  /** The oldest rows of the stretch, ascending by rev. */
  async oldest(stretch: Stretch, limit: number): Promise<ShownMessage[]> {
    return this.read(stretch, 'ASC', limit);
  }

  /** The newest rows of the stretch, ascending by rev all the same. */
  async newest(stretch: Stretch, limit: number): Promise<ShownMessage[]> {
    return (await this.read(stretch, 'DESC', limit)).reverse();
  }

  /** The last changes, within the stretch, of messages that lie below it; ascending by rev. */
  async changesOfOlder({ roomId, after, before }: Bounded, limit: number): Promise<ChangeOfOlder[]> {
    return this.reads.query(
      `SELECT rev, messageRev, event FROM message_changes
       WHERE roomId = ? AND rev > ? AND rev < ? AND messageRev <= ? ORDER BY rev LIMIT ?`,
      [roomId, after, before, after, limit],
    );
  }

  /** The messages at these revs, in no order. */
  async atRevs(roomId: string, revs: readonly number[]): Promise<ShownMessage[]> {
    if (revs.length === 0) return [];
    const rest = `FROM messages WHERE roomId = ? AND rev IN (${placeholders(revs)})`;
    const rows = await this.reads.list({ names: NAMES, toRow }, rest, [roomId, ...revs]);
    return rows.map(toMessage);
  }

  /**
   * Where somebody wrote in the stretch, ascending by rev, and how many bytes of text each has. All rows of the stretch
   * are looked at for it, but no text is read: SQLite, which reads in the event loop, knows its length without.
   */
  async sizesOfSender({ roomId, after, before }: Bounded, senderId: string): Promise<readonly Size[]> {
    return this.reads.query(
      `SELECT rev, OCTET_LENGTH(text) AS bytes FROM messages
       WHERE roomId = ? AND rev > ? AND rev < ? AND senderId = ? AND kind = 'text' ORDER BY rev`,
      [roomId, after, before, senderId],
    );
  }

  /**
   * How many bytes of text there are to read in the stretch: of its rows, and of the messages below it that changed in it.
   */
  async textBytes({ roomId, after, before }: Bounded): Promise<number> {
    const [{ bytes }] = await this.reads.query<{ bytes: number | string }>(
      `SELECT COALESCE((SELECT SUM(OCTET_LENGTH(text)) FROM messages WHERE roomId = ? AND rev > ? AND rev < ?), 0)
       + COALESCE((SELECT SUM(OCTET_LENGTH(m.text)) ${CHANGED_OLDER}), 0) AS bytes`,
      [roomId, after, before, roomId, after, before, after],
    );
    return Number(bytes);
  }

  /** The same by the rev at which each stands in the stretch, ascending. */
  async sizes({ roomId, after, before }: Bounded, limit: number): Promise<readonly Size[]> {
    return this.reads.query(
      `SELECT rev, OCTET_LENGTH(text) AS bytes FROM messages WHERE roomId = ? AND rev > ? AND rev < ?
       UNION ALL SELECT c.rev AS rev, OCTET_LENGTH(m.text) AS bytes ${CHANGED_OLDER} ORDER BY rev LIMIT ?`,
      [roomId, after, before, roomId, after, before, after, limit],
    );
  }

  /** What somebody wrote in the stretch, ascending by rev. All of the stretch is looked through for it. */
  async ofSender({ roomId, after, before }: Bounded, senderId: string): Promise<ShownMessage[]> {
    const rest =
      "FROM messages WHERE roomId = ? AND rev > ? AND rev < ? AND senderId = ? AND kind = 'text' ORDER BY rev";
    const rows = await this.reads.list({ names: NAMES, toRow }, rest, [roomId, after, before, senderId]);
    return rows.map(toMessage);
  }

  async find(id: string): Promise<ShownMessage | null> {
    const rows: Row[] = await this.reads.query(`SELECT ${NAMES.join(', ')} FROM messages WHERE id = ?`, [id]);
    return rows[0] ? toMessage(rows[0]) : null;
  }

  /**
   * The first rev of the stretch that was written at or after a time, in epoch milliseconds; its end where none was.
   * `createdAt` never falls within a room, so halving finds it.
   */
  async revAt({ roomId, after, before }: Bounded, at: number): Promise<number> {
    let low = after + 1;
    let high = before;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const time = await this.timeAt(roomId, middle);
      if (time !== null && time < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private async timeAt(roomId: string, rev: number): Promise<number | null> {
    const rows: { createdAt: number }[] = await this.reads.query(
      'SELECT createdAt FROM messages WHERE roomId = ? AND rev >= ? ORDER BY rev LIMIT 1',
      [roomId, rev],
    );
    return rows[0] ? Number(rows[0].createdAt) : null;
  }

  private async read(
    { roomId, after, before }: Stretch,
    order: 'ASC' | 'DESC',
    limit: number,
  ): Promise<ShownMessage[]> {
    const end = before === undefined ? '' : ' AND rev < ?';
    const rows = await this.reads.list(
      { names: NAMES, toRow },
      `FROM messages WHERE roomId = ? AND rev > ?${end} ORDER BY rev ${order} LIMIT ?`,
      [roomId, after, ...(before === undefined ? [] : [before]), limit],
    );
    return rows.map(toMessage);
  }
}

function toMessage(row: Row): ShownMessage {
  if (row.payload === null) return row as ShownMessage;
  return { ...row, payload: JSON.parse(row.payload) as Record<string, unknown> };
}
