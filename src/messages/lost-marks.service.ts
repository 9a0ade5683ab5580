import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Reads } from '../database/reads.js';
import { type OwnSend, ReadPositions } from '../rooms/members/read-position-store.js';
import { MessageQueries } from './message.queries.js';
import { ReadMarksService } from './read-marks.service.js';

/** Marks of own messages are stored every second; this is how far back a start looks for those that were not. */
const LOOK_BACK_MS = 10_000;

interface ActiveRoom {
  readonly id: string;
  readonly headRev: number;
}

/**
 * Who writes has read up to his own message, and for up to a second only the memory of this process knows it. A process
 * that was killed has forgotten it, so the next one reads it from the log and stores it before it listens (found by the
 * history checker: after `kill -9` people were told that their own messages were unread). Were it kept in memory again,
 * a process that is killed as soon as it is up would leave it to the next, until it is too old to be looked for.
 *
 * Whoever marked a room as unread within these seconds, right after he wrote there, finds it read again.
 */
@Injectable()
export class LostMarks implements OnModuleInit {
  constructor(
    private readonly reads: Reads,
    private readonly messages: MessageQueries,
    private readonly positions: ReadPositions,
    private readonly marks: ReadMarksService,
  ) {}

  async onModuleInit(): Promise<void> {
    const [{ newest }] = await this.reads.query<{ newest: number | null }>('SELECT MAX(headAt) AS newest FROM rooms');
    if (newest === null) return;
    const since = Number(newest) - LOOK_BACK_MS;
    const active = await this.reads.query<ActiveRoom>('SELECT id, headRev FROM rooms WHERE headAt >= ?', [since]);
    for (const room of active) for (const send of await this.lostIn(room, since)) this.positions.noteOwnSend(send);
    await this.marks.storeOwnSends();
  }

  /** The newest message of each member who is not said to have read it. */
  private async lostIn({ id: roomId, headRev }: ActiveRoom, since: number): Promise<OwnSend[]> {
    const stretch = { roomId, after: 0, before: Number(headRev) + 1 };
    const rows = await this.reads.query<{ userId: string; seq: number }>(
      `SELECT w.userId AS userId, MAX(m.seq) AS seq FROM messages m
       JOIN room_members w ON w.roomId = m.roomId AND w.userId = m.senderId
       WHERE m.roomId = ? AND m.rev >= ? AND m.seq > w.readSeq GROUP BY w.userId`,
      [roomId, await this.messages.revAt(stretch, since)],
    );
    return rows.map(({ userId, seq }) => ({ roomId, userId, seq: Number(seq) }));
  }
}
