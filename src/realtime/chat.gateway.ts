import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Access, Public } from '../access/access.decorators.js';
import { Clock, toTime } from '../common/clock.js';
import { ListChangesDto, ReadRoomDto, SendMessageDto } from '../messages/messages.dto.js';
import { ChangesService } from '../messages/changes.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { ReadMarksService } from '../messages/read-marks.service.js';
import type { Acks, SessionReady } from '../protocol/commands.js';
import type { RunningCommand } from './connections/command-queue.js';
import type { Connection } from './connections/connection.js';
import { OpenRooms } from './feeds/open-rooms.service.js';
import { NothingDto, RoomTargetDto, SessionRefreshDto, SessionStartDto } from './realtime.dto.js';
import { SessionStartService } from './session-start.service.js';

/**
 * Every command of the socket. `CommandRunner` calls each method with the connection, the checked data and the running
 * command; what it returns is the ack. `session.start` answers with `session.ready`.
 */
@WebSocketGateway({ path: '/ws' })
export class ChatGateway {
  constructor(
    private readonly clock: Clock,
    private readonly sessions: SessionStartService,
    private readonly messages: MessagesService,
    private readonly changes: ChangesService,
    private readonly marks: ReadMarksService,
    private readonly openRooms: OpenRooms,
  ) {}

  /** Opens the session: who it is, where he stands, what he missed. */
  @SubscribeMessage('session.start')
  @Public()
  start(
    @ConnectedSocket() connection: Connection,
    @MessageBody() start: SessionStartDto,
    command: RunningCommand,
  ): Promise<void> {
    return this.sessions.start(connection, start, (ready: SessionReady) => command.reply('session.ready', ready));
  }

  /** Takes a newer access token of the same login. */
  @SubscribeMessage('session.refresh')
  @Access('socket.use')
  refresh(
    @ConnectedSocket() connection: Connection,
    @MessageBody() { token }: SessionRefreshDto,
  ): Promise<Acks['session.refresh']> {
    return this.sessions.refresh(connection, token);
  }

  /** Says that both sides are there. */
  @SubscribeMessage('ping')
  @Access('socket.use')
  ping(@ConnectedSocket() _connection: Connection, @MessageBody() _nothing: NothingDto): Acks['ping'] {
    return { serverTime: toTime(this.clock.now()) };
  }

  /** Stores a message. */
  @SubscribeMessage('message.send')
  @Access('message.send')
  send(@ConnectedSocket() { caller }: Connection, @MessageBody() send: SendMessageDto): Promise<Acks['message.send']> {
    return this.messages.send(caller, send);
  }

  /** Changes of a room after a rev. */
  @SubscribeMessage('room.changes')
  @Access('message.read')
  listChanges(
    @ConnectedSocket() { caller }: Connection,
    @MessageBody() query: ListChangesDto,
  ): Promise<Acks['room.changes']> {
    return this.changes.list(caller, query);
  }

  /** Full frames of this room from now on, for a connection that follows open rooms only. */
  @SubscribeMessage('room.open')
  @Access('room.read')
  open(@ConnectedSocket() connection: Connection, @MessageBody() { roomId }: RoomTargetDto): Acks['room.open'] {
    return this.openRooms.open(connection, roomId);
  }

  /** Back to `room.activity`. */
  @SubscribeMessage('room.close')
  @Access('room.read')
  close(@ConnectedSocket() connection: Connection, @MessageBody() { roomId }: RoomTargetDto): Acks['room.close'] {
    return this.openRooms.close(connection, roomId);
  }

  /** Moves the caller's read mark. */
  @SubscribeMessage('room.read')
  @Access('message.read')
  markRead(@ConnectedSocket() { caller }: Connection, @MessageBody() read: ReadRoomDto): Promise<Acks['room.read']> {
    return this.marks.mark(caller, read);
  }
}
