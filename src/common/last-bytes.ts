import type { Socket } from 'node:net';
import { after } from './timers.js';

/** Milliseconds that a peer has to close its own side. */
const LINGER_MS = 2000;

/**
 * Sends the last bytes of a connection and closes it. A peer that keeps its side open is cut: Node would keep such a
 * socket for ever, and wait for it at the end of the process.
 */
export function sendLast(socket: Socket, bytes: string): void {
  socket.end(bytes);
  // Whatever else comes is thrown away, or the end behind it would not be seen.
  socket.resume();
  after(LINGER_MS, 'http.cut', () => void socket.destroy());
}
