import type { CommandFrame, ServerFrame } from '../../src/protocol/frames.js';
import type { SocketLike } from '../socket.js';

/** The client's end of a socket without a network. Frames reach the other side in order, each in a task of its own. */
export class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  isOpen = true;
  /** Whether nothing gets through, in either direction, without anybody being told: a network that is gone. */
  isDead = false;
  /** Frames in one array, where the client asked for batches. */
  batch = false;

  constructor(
    private readonly server: {
      takeCommand(socket: FakeSocket, frame: CommandFrame): void;
      onClose(socket: FakeSocket): void;
    },
  ) {}

  send(text: string): void {
    if (!this.isOpen || this.isDead) return;
    setTimeout(() => {
      if (this.isOpen && !this.isDead) this.server.takeCommand(this, JSON.parse(text) as CommandFrame);
    }, 1);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.server.onClose(this);
  }

  /** From the server: frames for the client. */
  deliver(...frames: readonly ServerFrame[]): void {
    if (this.batch) return this.pass(frames);
    for (const frame of frames) this.pass(frame);
  }

  /** From the server: the end of the connection. */
  cut(code = 1006, reason = ''): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.server.onClose(this);
    setTimeout(() => this.onclose?.({ code, reason } as never), 1);
  }

  private pass(message: unknown): void {
    if (this.isDead) return;
    setTimeout(() => this.onmessage?.({ data: JSON.stringify(message) } as never), 1);
  }
}
