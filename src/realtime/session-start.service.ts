import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { toTime } from '../common/clock.js';
import type { Acks, SessionReady, SessionStart } from '../protocol/commands.js';
import type { MemberHead } from '../rooms/room.queries.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import { ephemeralFrame } from './frame.js';
import { ReadyQueries } from './ready.queries.js';
import { RoomFeeds } from './room-feeds.js';
import { RoomJoiner } from './room-joiner.js';
import { SocketAuth } from './socket-auth.service.js';
import { UserFeeds } from './user-feeds.js';

/**
 * The handshake (protocol, Connect): authorise, listen, and only then read where everything stands, so that nothing can
 * fall between the answer and the first live frame.
 */
@Injectable()
export class SessionStartService {
  constructor(
    private readonly auth: SocketAuth,
    private readonly connections: Connections,
    private readonly users: UserFeeds,
    private readonly rooms: RoomFeeds,
    private readonly joiner: RoomJoiner,
    private readonly read: ReadyQueries,
  ) {}

  /**
   * Starts the session of a connection: calls `answer` with `session.ready`, then sends the missed changes of the open
   * rooms, then live frames, then `session.caughtUp`.
   *
   * @throws ChatError `ALREADY_STARTED`, `UNAUTHORIZED`; the connection is closed with the code that says what to do
   */
  async start(connection: Connection, start: SessionStart, answer: (ready: SessionReady) => void): Promise<void> {
    if (connection.isStarting) throw new ChatError('ALREADY_STARTED');
    connection.isStarting = true;
    try {
      await this.authorise(connection, start);
      await this.listen(connection, start, answer);
      connection.push(ephemeralFrame('session.caughtUp', {}));
    } finally {
      connection.endStart();
    }
  }

  /**
   * Takes a newer access token of the same login in place, without a new connection.
   *
   * @throws ChatError `UNAUTHORIZED`; the connection stays as it was
   */
  async refresh(connection: Connection, token: string): Promise<Acks['session.refresh']> {
    const { principal, expiresAt } = await this.auth.verify(token);
    if (principal.sessionId !== connection.principal?.sessionId) throw new ChatError('UNAUTHORIZED');
    connection.expiresAt = expiresAt;
    connection.isExpiryTold = false;
    return { expiresAt: toTime(expiresAt) };
  }

  private async authorise(connection: Connection, start: SessionStart): Promise<void> {
    const { principal, expiresAt } = await this.auth.authorise(connection, start);
    // Gone meanwhile: what is entered for it now, nobody would take out again.
    if (connection.isClosing) throw new ChatError('UNAVAILABLE');
    connection.principal = principal;
    connection.expiresAt = expiresAt;
    connection.outbound.batch = start.batch ?? false;
    if (start.follow === 'open') connection.openRooms = new Set(start.open);
    if (this.connections.bind(connection)) return;
    connection.closeAfterReply('TOO_MANY_CONNECTIONS');
    throw new ChatError('RATE_LIMITED', { detail: 'This user has too many connections.' });
  }

  private async listen(
    connection: Connection,
    start: SessionStart,
    answer: (ready: SessionReady) => void,
  ): Promise<void> {
    await this.users.hold(connection);
    // Read before the rooms: whatever becomes his later has a greater userRev, and so reaches him as an event.
    const user = await this.read.getUser(connection.userId);
    const roomIds = await this.read.listRooms(connection.userId);
    await this.rooms.hold(connection, roomIds);
    const heads = await this.headsOf(connection, roomIds);
    const reset = this.read.isForeign(start);
    answer(this.read.toReady(connection, { user, heads, reset }));
    for (const head of heads) await this.enter(connection, head, reset ? {} : start);
    const present = new Set(heads.map((head) => head.roomId));
    for (const roomId of roomIds) if (!present.has(roomId)) this.rooms.leave(connection, roomId);
    this.users.settle(connection, user.rev);
  }

  /** Where the held rooms stand; those that became his meanwhile come behind the handshake. */
  private async headsOf({ userId }: Connection, roomIds: readonly string[]): Promise<MemberHead[]> {
    if (roomIds.length === 0) return [];
    const held = new Set(roomIds);
    return (await this.read.listHeads(userId)).filter((head) => held.has(head.roomId));
  }

  /** An open room with a cursor is caught up; any other begins where `session.ready` says that it stands. */
  private async enter(connection: Connection, head: MemberHead, { open, cursor }: SessionStart): Promise<void> {
    const { roomId } = head;
    const since = open?.includes(roomId) ? cursor?.rooms?.[roomId] : undefined;
    const entered =
      since === undefined
        ? this.rooms.settle(connection, head, Number(head.headRev))
        : await this.joiner.catchUp(connection, head, since);
    // A leaving passed by while the head was read; he may be back.
    if (!entered) await this.joiner.join(connection, roomId, { since: () => Number(head.headRev) });
  }
}
