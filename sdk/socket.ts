/** The part of the WebSocket interface (WHATWG) that the client uses; browsers and the package `ws` both have it. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** A WebSocket class. Node has a global one from version 22 on; before, hand in the one of `ws`. */
export type SocketClass = new (url: string, protocols: string[]) => SocketLike;

/** The one that is here by itself. */
export function globalSocketClass(): SocketClass {
  const { WebSocket } = globalThis as { WebSocket?: SocketClass };
  if (!WebSocket) throw new TypeError('There is no global WebSocket here; hand one in as options.webSocket.');
  return WebSocket;
}
