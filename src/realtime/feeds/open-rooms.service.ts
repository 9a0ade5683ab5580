import { Injectable } from '@nestjs/common';
import { ChatError } from '../../common/chat-error.js';
import { AppConfig } from '../../config/app-config.js';
import type { Acks } from '../../protocol/commands.js';
import type { Connection } from '../connections/connection.js';
import { RoomFeeds } from './room-feeds.js';

/** The rooms that a connection follows in full. */
@Injectable()
export class OpenRooms {
  constructor(
    private readonly config: AppConfig,
    private readonly feeds: RoomFeeds,
  ) {}

  /**
   * Full frames of the room above the returned rev. What the client misses below it, it pulls with `room.changes`.
   *
   * @throws ChatError `NOT_FOUND` for a room that is not the user's; `QUOTA_EXCEEDED` where too many are open
   */
  open(connection: Connection, roomId: string): Acks['room.open'] {
    if (!this.feeds.isMember(connection, roomId)) throw new ChatError('NOT_FOUND');
    const rooms = connection.openRooms;
    if (rooms && !rooms.has(roomId) && rooms.size >= this.config.limits.openRooms) {
      throw new ChatError('QUOTA_EXCEEDED', { detail: 'Too many rooms are open on this connection.' });
    }
    rooms?.add(roomId);
    return { headRev: this.feeds.headRevOf(roomId) ?? 0 };
  }

  /** Short notices of the room from now on; nothing changes for a connection that follows all rooms. */
  close(connection: Connection, roomId: string): Acks['room.close'] {
    connection.openRooms?.delete(roomId);
    // While it was open, messages that speak to the user went by unnoted.
    if (connection.openRooms) connection.activity.expectMentions(roomId);
    return {};
  }
}
