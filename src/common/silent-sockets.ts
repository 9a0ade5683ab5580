import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Connections on which nobody has asked anything yet. Each holds a file descriptor until its head is overdue, and when
 * none is left nobody comes in; so their number is bounded, and the one that has been silent for longest goes. Whoever
 * means well sends his head with his first bytes.
 */
export class SilentSockets {
  /** By peer: with TLS, the socket of a request is not the one that came in. */
  private readonly silent = new Map<string, Socket>();

  /** @param most connections that may be silent at a time, of all addresses together */
  constructor(private readonly most: number) {}

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.add(socket));
    server.on('request', ({ socket }: { socket: Socket }) => this.silent.delete(peerOf(socket)));
    server.on('upgrade', ({ socket }: { socket: Socket }) => this.silent.delete(peerOf(socket)));
  }

  private add(socket: Socket): void {
    const peer = peerOf(socket);
    this.silent.set(peer, socket);
    socket.once('close', () => {
      if (this.silent.get(peer) === socket) this.silent.delete(peer);
    });
    if (this.silent.size <= this.most) return;
    for (const oldest of this.silent.values()) return void oldest.destroy();
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
