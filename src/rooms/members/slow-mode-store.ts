import { Injectable } from '@nestjs/common';
import { Reads } from '../../database/reads.js';
import { placeholders, upsertRows } from '../../database/sql.js';
import type { Tx } from '../../database/tx.js';
import type { RoomHead } from '../room-head.js';

const SENDS = { table: 'room_sends', conflict: ['roomId', 'userId'], updates: ['sentAt'] };

/** A transaction, or what is committed. */
type Queryable = Pick<Tx, 'query'>;

/** A room in slow mode within one flush: who wrote when, the flush's own messages too. */
export class SlowRoom {
  private readonly written = new Set<string>();

  constructor(
    private readonly head: RoomHead,
    private readonly sentAt: Map<string, number>,
  ) {}

  /** When the user may write again. */
  freeAt(userId: string): number {
    return freeAt(this.sentAt.get(userId), this.head.settings.slowModeSeconds);
  }

  /** The user writes now. */
  note(userId: string): void {
    this.sentAt.set(userId, this.head.at);
    this.written.add(userId);
  }

  /** What is to be stored with the messages. */
  rows(): { roomId: string; userId: string; sentAt: number }[] {
    const { id: roomId, at: sentAt } = this.head;
    return [...this.written].map((userId) => ({ roomId, userId, sentAt }));
  }
}

/**
 * Who wrote when in rooms in slow mode. A row a member, read and written under the room's lock with the message itself:
 * right after a restart and on every node. Rooms that are not in slow mode ask for nothing and store nothing, so it
 * counts from when slow mode was switched on.
 */
@Injectable()
export class SlowMode {
  constructor(private readonly reads: Reads) {}

  /** The room as these users may write in it, as exact as its head. */
  async open(tx: Tx, head: RoomHead, userIds: readonly string[]): Promise<SlowRoom> {
    return new SlowRoom(head, await read(tx, head.id, [...new Set(userIds)]));
  }

  /** When a member may write again in a room with this setting, as it is committed. */
  async freeAt({ roomId, userId }: { roomId: string; userId: string }, slowModeSeconds: number): Promise<number> {
    if (slowModeSeconds === 0) return 0;
    return freeAt((await read(this.reads, roomId, [userId])).get(userId), slowModeSeconds);
  }

  /** Stores who wrote. Call it behind `RoomLog.save`, which takes the rooms' locks. */
  async save(tx: Tx, rooms: readonly SlowRoom[]): Promise<void> {
    const rows = rooms.flatMap((room) => room.rows());
    if (rows.length > 0) await upsertRows(tx, SENDS, rows);
  }

  /** Forgets who wrote in a locked room. */
  async forget(tx: Tx, roomId: string): Promise<void> {
    await tx.post({ sql: 'DELETE FROM room_sends WHERE roomId = ?', parameters: [roomId] });
  }
}

const freeAt = (sentAt: number | undefined, seconds: number): number =>
  sentAt === undefined ? 0 : sentAt + seconds * 1000;

async function read(from: Queryable, roomId: string, userIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await from.query<{ userId: string; sentAt: number }>(
    `SELECT userId, sentAt FROM room_sends WHERE roomId = ? AND userId IN (${placeholders(userIds)})`,
    [roomId, ...userIds],
  );
  return new Map(rows.map(({ userId, sentAt }) => [userId, Number(sentAt)]));
}
