import { Injectable } from '@nestjs/common';
import type { RawData, WebSocket } from 'ws';
import { ChatError, toProblem } from '../common/chat-error.js';
import { Clock, toTime } from '../common/clock.js';
import { newId } from '../common/id.js';
import { AppConfig } from '../config/app-config.js';
import { clientConfig } from '../config/client-config.js';
import { SUBPROTOCOL } from '../protocol/subprotocol.js';
import { type CommandFrame, FrameError, parseFrame } from '../protocol/frames.js';
import { CommandQueue } from './connections/command-queue.js';
import { CommandRunner } from './command-runner.js';
import { ConnectionCommands } from './connection-commands.js';
import type { Connection } from './connections/connection.js';
import { Connections } from './connections/connections.js';
import { frameOf } from './connections/frame.js';
import { RoomFeeds } from './feeds/room-feeds.js';
import { UserFeeds } from './feeds/user-feeds.js';

const MINUTE = 60_000;

/** Takes a connection's frames in, one after the other, from `hello` to the end. */
@Injectable()
export class Reception {
  /** The fields of `hello` that are the same for everybody, as JSON. */
  private readonly greeting: string;

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly connections: Connections,
    private readonly users: UserFeeds,
    private readonly rooms: RoomFeeds,
    private readonly runner: CommandRunner,
  ) {
    const { heartbeatMs, startWithinMs } = config.limits;
    const { limits, features, minClient } = clientConfig(config);
    this.greeting = JSON.stringify({ heartbeatMs, startWithinMs, limits, features, minClient }).slice(1, -1);
  }

  /** Greets a new connection, and takes in what comes on its socket from now on. */
  welcome(connection: Connection, webSocket: WebSocket): void {
    connection.commands = this.queueOf(connection, webSocket);
    webSocket.on('message', (payload: RawData, isBinary: boolean) => {
      connection.lastInboundAt = this.clock.now();
      connection.arrivals.note();
      if (connection.isClosing) return;
      if (isBinary) connection.closePlain(1003);
      else this.take(connection, payload as Buffer);
    });
    const live = () => void (connection.lastInboundAt = this.clock.now());
    webSocket.on('ping', live).on('pong', live);
    // `ws` closes by itself after a fault (1002, 1007, 1009); without a listener it would end the process.
    webSocket.on('error', () => undefined);
    webSocket.once('close', () => this.sendOff(connection));
    if (webSocket.protocol !== '' && webSocket.protocol !== SUBPROTOCOL) connection.close('UNSUPPORTED_VERSION');
    else this.sayHello(connection);
    // At once and not at the end of the turn, so that it leaves with the answer to the upgrade.
    connection.outbound.flush();
  }

  private queueOf(connection: Connection, webSocket: WebSocket): CommandQueue {
    const handler = new ConnectionCommands(connection, webSocket, this.runner, this.config.limits.commandsInFlight);
    const commands = new CommandQueue(handler);
    connection.outbound.onRoom = () => commands.resume();
    return commands;
  }

  private sayHello(connection: Connection): void {
    connection.push(frameOf(`{"event":"hello","data":{"serverTime":"${toTime(this.clock.now())}",${this.greeting}}}`));
  }

  private take(connection: Connection, payload: Buffer): void {
    const { frameBytes, frameDepth } = this.config.limits;
    if (payload.length > frameBytes) return connection.close('FRAME_TOO_LARGE');
    try {
      const frame = parseFrame(payload.toString(), frameDepth);
      if (!this.runner.has(frame.event))
        throw new FrameError('UNSUPPORTED_EVENT', 'There is no such command.', frame.id);
      this.accept(connection, frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.refuse(connection, new ChatError(error.code, { detail: error.message }), error.id);
      this.countBadFrame(connection);
    }
  }

  /** Commands behind a running `session.start` wait for it; before it, they are refused at once. */
  private accept(connection: Connection, frame: CommandFrame): void {
    const isStart = frame.event === 'session.start';
    if (!isStart && !connection.isStartSent) return this.refuse(connection, new ChatError('NOT_STARTED'), frame.id);
    connection.isStartSent = true;
    connection.commands?.accept(frame);
  }

  private refuse(connection: Connection, error: ChatError, id: string | undefined): void {
    const data = toProblem(error, newId());
    connection.push(frameOf(JSON.stringify({ id, event: 'error', data })));
  }

  private countBadFrame(connection: Connection): void {
    const now = this.clock.now();
    const recent = [...connection.badFrames.filter((at) => at > now - MINUTE), now];
    connection.badFrames = recent;
    if (recent.length >= this.config.limits.badFramesPerMinute) connection.close('PROTOCOL_ERROR');
  }

  /** Takes a connection that has ended out of everything that it was in; may be called again. */
  sendOff(connection: Connection): void {
    connection.isClosing = true;
    connection.endStart();
    this.connections.remove(connection);
    this.rooms.leaveAll(connection);
    this.users.leave(connection);
  }
}
