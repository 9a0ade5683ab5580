import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections on which nobody has asked anything yet. Each holds a file descriptor until its head is overdue, and when
 * none is left nobody comes in; so their number is bounded, and the one that has been silent for longest goes. Whoever
 * means well sends his head with his first bytes.
 */
export class SilentSockets {
  private readonly silent = new Set<Socket>();
  /** One function for all, since each connection would keep its own for as long as it lives. */
  private readonly onClose: (this: Socket) => void;

  /** @param most connections that may be silent at a time, of all addresses together */
  constructor(private readonly most: number) {
    const { silent } = this;
    this.onClose = function (this: Socket) {
      silent.delete(this);
    };
  }

  /** With TLS a connection is known when its handshake has ended, which has a time of its own. */
  watch(server: Server, isTls: boolean): void {
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => this.add(socket));
    server.on('request', ({ socket }: { socket: Socket }) => this.forget(socket));
    server.on('upgrade', ({ socket }: { socket: Socket }) => this.forget(socket));
  }

  private add(socket: Socket): void {
    this.silent.add(socket);
    socket.on('close', this.onClose);
    if (this.silent.size <= this.most) return;
    for (const oldest of this.silent) return void oldest.destroy();
  }

  private forget(socket: Socket): void {
    if (this.silent.delete(socket)) socket.off('close', this.onClose);
  }
}
