import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Stop, every } from '../../common/timers.js';
import { ReadPositions } from '../../rooms/members/read-position-store.js';
import { UnreadMentions } from '../../rooms/members/unread-mentions-store.js';
import { RoomQueries } from '../../rooms/room.queries.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { ephemeralFrame } from '../connections/frame.js';

/** A room is told of at most once in so many milliseconds. */
const TELL_MS = 1000;

/**
 * `room.activity`: what happens in rooms that a connection does not have open, in short. Mentions are counted in the
 * database, and only in rooms that may hold unread ones; what cannot be counted now is told as soon as it can.
 */
@Injectable()
export class RoomActivities implements OnModuleInit, OnModuleDestroy {
  private readonly counting = new WeakSet<Connection>();
  private stop: Stop = () => undefined;

  constructor(
    private readonly connections: Connections,
    private readonly rooms: RoomQueries,
    private readonly positions: ReadPositions,
    private readonly mentions: UnreadMentions,
  ) {}

  onModuleInit(): void {
    this.stop = every(TELL_MS, 'realtime.activity', () => {
      for (const connection of this.connections) if (connection.openRooms) this.tell(connection);
    });
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private tell(connection: Connection): void {
    const { activity } = connection;
    const roomIds = activity.rooms();
    for (const roomId of roomIds) if (activity.expectedMentions(roomId) === 0) push(connection, roomId, 0);
    const speaking = roomIds.filter((roomId) => activity.expectedMentions(roomId) > 0);
    if (speaking.length === 0 || this.counting.has(connection)) return;
    this.counting.add(connection);
    this.tellCounted(connection, speaking)
      // The database is away: it stays noted.
      .catch(() => undefined)
      .finally(() => this.counting.delete(connection));
  }

  private async tellCounted(connection: Connection, roomIds: readonly string[]): Promise<void> {
    const { activity, userId } = connection;
    for (const roomId of roomIds) {
      const expected = activity.expectedMentions(roomId);
      const mentions = await this.count(userId, roomId);
      if (mentions === 0) activity.clearMentions(roomId, expected);
      if (mentions === null) activity.take(roomId);
      else push(connection, roomId, mentions);
    }
  }

  /** How many mentions of the room a member has not read; null for who is none. */
  private async count(userId: string, roomId: string): Promise<number | null> {
    const head = await this.rooms.headOfMember(userId, roomId);
    if (!head) return null;
    const reader = { roomId, userId, readSeq: this.positions.readSeqOf(head) };
    return (await this.mentions.of([reader]))(reader);
  }
}

function push(connection: Connection, roomId: string, mentions: number): void {
  const item = connection.activity.take(roomId);
  if (item) connection.push(ephemeralFrame('room.activity', { ...item, mentions }));
}
