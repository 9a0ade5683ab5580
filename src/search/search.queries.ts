import { Injectable } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import { Reads } from '../database/reads.js';
import { placeholders } from '../database/sql.js';
import { firstVisibleRev } from '../rooms/history-access.js';
import type { ShownMessage } from '../rooms/message.view.js';
import type { Place } from './search-index.js';

type Row = Omit<ShownMessage, 'payload'> & { readonly payload: string | null };

/** A room of a user, and what of it he may see. */
export interface SearchableRoom {
  readonly roomId: string;
  readonly headRev: number;
  readonly floorRev: number;
  readonly visibleFromRev: number;
}

/** Rooms that one statement reads: some 5 ms in the event loop. */
const ROOMS = 2000;
const COLUMNS = 'roomId, rev, id, lastRev, seq, kind, senderId, text, payload, editedAt, deletedAt, createdAt';

/** Reads of what the index has proposed. */
@Injectable()
export class SearchQueries {
  constructor(private readonly reads: Reads) {}

  /** All rooms that the user is a member of. */
  async roomsOf(userId: string): Promise<SearchableRoom[]> {
    const rooms: SearchableRoom[] = [];
    for (;;) {
      const page = await this.reads.query<SearchableRoom>(
        `SELECT m.roomId AS roomId, r.headRev AS headRev, r.floorRev AS floorRev, m.visibleFromRev AS visibleFromRev
         FROM room_members m JOIN rooms r ON r.id = m.roomId WHERE m.userId = ? AND m.roomId > ?
         ORDER BY m.roomId LIMIT ?`,
        [userId, rooms.at(-1)?.roomId ?? '', ROOMS],
      );
      rooms.push(...page);
      if (page.length < ROOMS) return rooms;
      await turn();
    }
  }

  /**
   * The messages at these places that the user may see at this moment: he is a member, it is above what he may not see,
   * nobody has deleted it. What he may see is read after the messages: who is a member then was not removed before them.
   *
   * In one statement, MariaDB would begin with the memberships and read through all of his rooms (1 s in place of 2 ms
   * for 500 rooms of 1,000 messages, measured).
   *
   * @param places of at least one message
   */
  async visible(userId: string, places: readonly Place[]): Promise<ShownMessage[]> {
    const rooms = revsByRoom(places);
    const where = [...rooms].map(([, revs]) => `(roomId = ? AND rev IN (${placeholders(revs)}))`).join(' OR ');
    const rows = await this.reads.query<Row>(
      `SELECT ${COLUMNS} FROM messages WHERE (${where}) AND kind = 'text' AND deletedAt IS NULL`,
      [...rooms].flatMap(([roomId, revs]) => [roomId, ...revs]),
    );
    const firsts = await this.firstRevs(userId, [...rooms.keys()]);
    return rows.filter(({ roomId, rev }) => rev >= (firsts.get(roomId) ?? Infinity)).map(toMessage);
  }

  /** The first rev that the user may see of each of these rooms in which he is a member. */
  private async firstRevs(userId: string, roomIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.reads.query<SearchableRoom>(
      `SELECT m.roomId AS roomId, r.floorRev AS floorRev, m.visibleFromRev AS visibleFromRev
       FROM room_members m JOIN rooms r ON r.id = m.roomId
       WHERE m.userId = ? AND m.roomId IN (${placeholders(roomIds)})`,
      [userId, ...roomIds],
    );
    return new Map(rows.map((row) => [row.roomId, firstVisibleRev(row)]));
  }
}

function revsByRoom(places: readonly Place[]): ReadonlyMap<string, number[]> {
  const rooms = new Map<string, number[]>();
  for (const { roomId, rev } of places) rooms.set(roomId, [...(rooms.get(roomId) ?? []), rev]);
  return rooms;
}

function toMessage(row: Row): ShownMessage {
  return { ...row, payload: row.payload === null ? null : (JSON.parse(row.payload) as Record<string, unknown>) };
}
