import type { Peer } from './peer.js';

/** What `ws` keeps of a message whose end has not come; it has no public name for it. */
interface Receiver {
  readonly _state: number;
  readonly _fragmented: number;
  readonly _bufferedBytes: number;
}

/**
 * Watches that messages come to their end: what has come of one is kept until then, and pings between its fragments
 * would keep the connection alive for ever.
 */
export class Arrivals {
  private messages = 0;
  /** When the message that is coming was first seen, and how many had come by then. */
  private since = 0;
  private before = 0;

  constructor(private readonly webSocket: Peer) {}

  /** A message has come to its end. */
  note(): void {
    this.messages += 1;
  }

  /** Milliseconds for which one and the same message has been seen unfinished; asked once a second. */
  unfinishedMs(now: number): number {
    const isComing = !this.webSocket.isPaused && isUnfinished(this.webSocket);
    if (isComing && this.since > 0 && this.messages === this.before) return now - this.since;
    this.since = isComing ? now : 0;
    this.before = this.messages;
    return 0;
  }
}

function isUnfinished(webSocket: Peer): boolean {
  const { _receiver: receiver } = webSocket as unknown as { readonly _receiver?: Receiver };
  if (!receiver) return false;
  const { _state: state, _fragmented: kind, _bufferedBytes: bytes } = receiver;
  return state !== 0 || kind !== 0 || bytes > 0;
}
