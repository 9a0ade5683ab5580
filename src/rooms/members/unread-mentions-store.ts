import { Injectable } from '@nestjs/common';
import { Reads } from '../../database/reads.js';
import type { Tx } from '../../database/tx.js';
import { EVERYBODY } from './mention.entity.js';

/** A member of a room, and how far he has read. */
export interface Reader {
  readonly roomId: string;
  readonly userId: string;
  readonly readSeq: number;
}

/** How many mentions a reader has not read. */
export type MentionsOf = (reader: Pick<Reader, 'roomId' | 'userId'>) => number;

type Queryable = Pick<Tx, 'query'>;

/** Readers in one statement. */
const READERS = 100;

/** Neither what he wrote himself counts for a reader, nor what people wrote whom he has blocked. */
const COUNTS = (userId: string): string =>
  `n.senderId <> ${userId} AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blockerId = ${userId} AND b.blockedId = n.senderId)`;

const ABOVE_MARK = `n.roomId = m.roomId AND n.seq > m.readSeq AND ${COUNTS('m.userId')}`;

const keyOf = ({ roomId, userId }: Pick<Reader, 'roomId' | 'userId'>): string => `${roomId} ${userId}`;

/** Messages that speak to a member and lie above his read mark. */
@Injectable()
export class UnreadMentions {
  constructor(private readonly reads: Reads) {}

  /** Of a few readers, as the transaction sees it, or as it is committed. */
  async of(readers: readonly Reader[], from: Queryable = this.reads): Promise<MentionsOf> {
    const counts = new Map<string, number>();
    for (let i = 0; i < readers.length; i += READERS) {
      const some = readers.slice(i, i + READERS);
      for (const { at, count } of await countEach(from, some)) counts.set(keyOf(some[Number(at)]), Number(count));
    }
    return (reader) => counts.get(keyOf(reader)) ?? 0;
  }

  /** Of one reader in many of his rooms: one index look-up a room, by the marks that are stored. */
  async ofUser(userId: string, readers: readonly Reader[]): Promise<MentionsOf> {
    if (readers.length === 0) return () => 0;
    const rows = await this.reads.query<{ roomId: string; readSeq: number; count: number }>(
      `SELECT m.roomId AS roomId, m.readSeq AS readSeq,
        (SELECT COUNT(*) FROM mentions n WHERE n.userId = m.userId AND ${ABOVE_MARK}) +
        (SELECT COUNT(*) FROM mentions n WHERE n.userId = '${EVERYBODY}' AND ${ABOVE_MARK}) AS count
       FROM room_members m WHERE m.userId = ?`,
      [userId],
    );
    const stored = new Map(rows.map((row) => [row.roomId, row]));
    // His mark may be ahead of the row, by what he wrote himself within the last second.
    const ahead = readers.filter(({ roomId, readSeq }) => readSeq > Number(stored.get(roomId)?.readSeq ?? Infinity));
    const exact = await this.of(ahead);
    const isAhead = new Set(ahead.map(({ roomId }) => roomId));
    return ({ roomId }) => (isAhead.has(roomId) ? exact({ roomId, userId }) : Number(stored.get(roomId)?.count ?? 0));
  }
}

function countEach(from: Queryable, readers: readonly Reader[]): Promise<{ at: number; count: number }[]> {
  const one = (at: number) =>
    `SELECT ${at} AS at, COUNT(*) AS count FROM mentions n
     WHERE n.userId IN (?, '${EVERYBODY}') AND n.roomId = ? AND n.seq > ? AND ${COUNTS('?')}`;
  return from.query(
    readers.map((_, at) => one(at)).join(' UNION ALL '),
    readers.flatMap(({ roomId, userId, readSeq }) => [userId, roomId, readSeq, userId, userId]),
  );
}
