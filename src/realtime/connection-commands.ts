import type { WebSocket } from 'ws';
import type { CommandHandler, RunningCommand } from './connections/command-queue.js';
import type { CommandRunner } from './command-runner.js';
import type { Connection } from './connections/connection.js';
import type { Frame } from './connections/frame.js';

/** Carries out a connection's commands. One small object: closures would weigh ten times as much on one that is idle. */
export class ConnectionCommands implements CommandHandler {
  constructor(
    private readonly connection: Connection,
    private readonly webSocket: WebSocket,
    private readonly runner: CommandRunner,
    readonly inFlight: number,
  ) {}

  run(command: RunningCommand, ended: () => void): void {
    this.runner.run(this.connection, command, ended);
  }

  reply(frame: Frame): void {
    this.connection.push(frame);
  }

  pause(paused: boolean): void {
    if (paused) this.webSocket.pause();
    else this.webSocket.resume();
  }

  hasRoom(): boolean {
    return this.connection.outbound.askRoom();
  }
}
