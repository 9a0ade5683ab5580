import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { after } from './timers.js';

/** Milliseconds that such a request may take in all: 100 MiB at 1.4 megabits a second. */
const LONGEST_MS = 600_000;
/** Milliseconds in which an answer leaves. */
const LAST_MS = 2000;

/** Sockets whose request may take its time, and those that have made use of it. */
const patient = new WeakSet<Socket>();
const overdue = new WeakSet<Socket>();

/** Bears that a request takes longer than others until the work on it has ended. Then what still comes is cut off. */
export async function bearSlow<T>(request: IncomingMessage, work: () => Promise<T>): Promise<T> {
  const { socket } = request;
  patient.add(socket);
  try {
    return await work();
  } finally {
    patient.delete(socket);
    // Node looks at a request that is overdue once, and never again.
    if (overdue.has(socket) && !request.complete) after(LAST_MS, 'http.cutSlow', () => void socket.destroy());
  }
}

/**
 * Whether a request that is overdue is borne all the same: until nothing has come of it for as long as others may take
 * in all, and for ten minutes at most.
 */
export function isBorne(socket: Socket, silenceMs: number): boolean {
  if (!patient.has(socket)) return false;
  overdue.add(socket);
  // Node destroys a socket that is silent for so long.
  socket.setTimeout(silenceMs);
  const stop = after(LONGEST_MS, 'http.cutSlow', () => void socket.destroy());
  socket.once('close', stop);
  return true;
}
