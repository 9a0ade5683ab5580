import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { toTime } from '../common/clock.js';
import type { Acks, ReadyRoom, SessionReady, SessionStart } from '../protocol/commands.js';
import type { MemberHead } from '../rooms/room.queries.js';
import type { ShownUser } from '../users/user.view.js';
import type { Connection } from './connections/connection.js';
import { Connections } from './connections/connections.js';
import { frameOf } from './connections/frame.js';
import { ReadyQueries } from './ready.queries.js';
import { RoomFeeds } from './feeds/room-feeds.js';
import { RoomJoiner } from './feeds/room-joiner.js';
import { SocketAuth } from './socket-auth.service.js';
import { UserFeeds } from './feeds/user-feeds.js';

/** Never dropped, as an ephemeral frame would be behind much that was missed: clients wait for it. */
const CAUGHT_UP = frameOf(JSON.stringify({ event: 'session.caughtUp', data: {} }), { kind: 'private' });

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
      const user = await this.authorise(connection, start);
      await this.listen(connection, user, { start, answer });
      connection.push(CAUGHT_UP);
      connection.isCaughtUp = true;
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
    const { sessionId, expiresAt } = await this.auth.verify(token);
    if (sessionId !== connection.principal?.sessionId) throw new ChatError('UNAUTHORIZED');
    connection.expiresAt = expiresAt;
    connection.isExpiryTold = false;
    return { expiresAt: toTime(expiresAt) };
  }

  private async authorise(connection: Connection, start: SessionStart): Promise<ShownUser> {
    const shown = await this.auth.identify(connection, start);
    requireOpen(connection);
    connection.login = shown;
    connection.expiresAt = shown.expiresAt;
    connection.outbound.batch = start.batch ?? false;
    if (start.watch) connection.watches = new Set(start.watch);
    if (start.follow === 'open') connection.openRooms = new Set(start.open);
    if (!this.connections.bind(connection)) {
      connection.closeAfterReply('TOO_MANY_CONNECTIONS');
      throw new ChatError('RATE_LIMITED', { detail: 'This user has too many connections.' });
    }
    try {
      await this.users.hold(connection);
      const { principal, user } = await this.auth.admit(connection, shown, start.device);
      requireOpen(connection);
      connection.login = connection.principal = principal;
      this.connections.admit(connection, user);
      return user;
    } catch (error) {
      // At once and not when the peer has closed: an ended login must not take a place of its user's meanwhile.
      this.users.leave(connection);
      this.connections.unbind(connection);
      connection.login = null;
      throw error;
    }
  }

  private async listen(
    connection: Connection,
    user: ShownUser,
    { start, answer }: { start: SessionStart; answer: (ready: SessionReady) => void },
  ): Promise<void> {
    // Read behind the user: whatever becomes his later has a greater userRev, and so reaches him as an event.
    const roomIds = await this.read.listRooms(connection.userId);
    await this.rooms.hold(connection, roomIds);
    const heads = await this.headsOf(connection, roomIds);
    const reset = this.read.isForeign(start);
    const rooms = await this.read.toReadyRooms(connection.userId, heads);
    answer(this.read.toReady(connection, { user, rooms, reset }));
    if (connection.openRooms) expectMentions(connection, rooms);
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

/** In the other rooms nothing that the user has not read speaks to him. */
function expectMentions({ activity, openRooms }: Connection, rooms: readonly ReadyRoom[]): void {
  for (const { roomId, mentions } of rooms) if (mentions > 0 || openRooms?.has(roomId)) activity.expectMentions(roomId);
}

/** Gone meanwhile: what is entered for it now, nobody would take out again. */
function requireOpen(connection: Connection): void {
  if (connection.isClosing) throw new ChatError('UNAVAILABLE');
}
