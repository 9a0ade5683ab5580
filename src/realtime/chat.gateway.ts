import { UseFilters, UseGuards } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Access, Public } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Clock, toTime } from '../common/clock.js';
import { ListChangesDto, ReadRoomDto, SendMessageDto } from '../messages/messages.dto.js';
import { ChangesService } from '../messages/changes.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { ReadMarksService } from '../messages/read-marks.service.js';
import type { Acks, SessionReady } from '../protocol/commands.js';
import { CurrentCommand, CurrentPrincipal } from './command.decorators.js';
import { CommandGuard } from './command.guard.js';
import type { RunningCommand } from './command-queue.js';
import type { Connection } from './connection.js';
import { OpenRooms } from './open-rooms.service.js';
import { NothingDto, RoomTargetDto, SessionRefreshDto, SessionStartDto } from './realtime.dto.js';
import { SessionStartService } from './session-start.service.js';
import { WsErrorFilter } from './ws-error.filter.js';

/** Every command of the socket. What a method returns is its ack; `session.start` answers with `session.ready`. */
@WebSocketGateway({ path: '/ws' })
@UseGuards(CommandGuard)
@UseFilters(WsErrorFilter)
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
    @CurrentCommand() command: RunningCommand,
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
  ping(@MessageBody() _nothing: NothingDto): Acks['ping'] {
    return { serverTime: toTime(this.clock.now()) };
  }

  /** Stores a message. */
  @SubscribeMessage('message.send')
  @Access('message.send')
  send(@CurrentPrincipal() principal: Principal, @MessageBody() send: SendMessageDto): Promise<Acks['message.send']> {
    return this.messages.send(principal, send);
  }

  /** Changes of a room after a rev. */
  @SubscribeMessage('room.changes')
  @Access('message.read')
  listChanges(
    @CurrentPrincipal() principal: Principal,
    @MessageBody() query: ListChangesDto,
  ): Promise<Acks['room.changes']> {
    return this.changes.list(principal, query);
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
  markRead(@CurrentPrincipal() principal: Principal, @MessageBody() read: ReadRoomDto): Promise<Acks['room.read']> {
    return this.marks.mark(principal, read);
  }
}
