import type { Acks, CommandName, Commands } from '../src/protocol/commands.js';
import type { Problem } from '../src/protocol/errors.js';
import type { Events } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import { ParleyError } from './errors.js';
import type { SocketLike } from './socket.js';
import { type Timing, monotonic } from './timing.js';

/** What became of a command: its ack, or why there is none. */
export type Outcome<T> =
  { readonly ack: T; readonly error?: undefined } | { readonly ack?: undefined; readonly error: ParleyError };

/** How a connection ended: with the code of `goodbye` where there was one, else with that of the close. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
  readonly retryAfterMs: number | null;
}

/** Whom a connection tells. */
export interface ConnectionHooks {
  /** The server has greeted; the session may be started. */
  hello(hello: Events['hello']): void;
  /** Any frame that is not an answer, in the order in which it came. */
  frame(frame: ServerFrame): void;
  /** Called once, after every command without an answer has been settled with `OFFLINE`. */
  end(end: ConnectionEnd): void;
}

interface Waiting {
  readonly settle: (outcome: Outcome<never>) => void;
  readonly since: number;
}

/** No close frame came; the number a browser uses for that. */
const ABNORMAL = 1006;
const CHECK_MS = 1000;

/**
 * One socket from its opening to its end. It matches answers to commands, answers heartbeats, and ends a connection
 * that is silent or leaves a command without an answer, because a broken network is not always told of. Settling is
 * synchronous: an answer has been dealt with before the frame behind it.
 */
export class Connection {
  readonly #waiting = new Map<string, Waiting>();
  readonly #watch: ReturnType<typeof setInterval>;
  #heardAt = monotonic();
  #silenceMs: number;
  #frameBytes = Infinity;
  #commands = 0;
  #farewell: ConnectionEnd | null = null;
  #ended = false;

  constructor(
    private readonly socket: SocketLike,
    private readonly hooks: ConnectionHooks,
    private readonly timing: Timing,
  ) {
    this.#silenceMs = timing.openMs;
    socket.onmessage = (event: { data: unknown }) => this.#receive(event.data);
    socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
      this.#end(this.#farewell ?? { code, reason, retryAfterMs: null });
    // What went wrong is told by the close that follows; without a listener `ws` would throw.
    socket.onerror = () => undefined;
    this.#watch = setInterval(() => this.#check(), CHECK_MS);
  }

  /** Sends a command; `settle` is called exactly once. */
  request<C extends CommandName>(event: C, data: Commands[C], settle: (outcome: Outcome<Acks[C]>) => void): void {
    if (this.#ended) return settle({ error: ParleyError.offline('The connection is closed.') });
    const id = `c${++this.#commands}`;
    const text = JSON.stringify({ id, event, data });
    // The server would close the connection for it, and again after every reconnect.
    if (new TextEncoder().encode(text).length > this.#frameBytes) {
      return settle({ error: new ParleyError('PAYLOAD_TOO_LARGE', 'That is too large for one message.') });
    }
    this.#waiting.set(id, { settle, since: monotonic() });
    this.socket.send(text);
  }

  /** Ends the connection from this side, at once. */
  close(reason = 'closed'): void {
    this.#end({ code: 1000, reason, retryAfterMs: null });
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#heardAt = monotonic();
    const message: unknown = parse(data);
    // The client asks for batches, so that many frames may come as one array.
    for (const frame of (Array.isArray(message) ? message : [message]) as (ServerFrame | undefined)[]) {
      if (typeof frame?.event === 'string' && !this.#ended) this.#take(frame);
    }
  }

  #take(frame: ServerFrame): void {
    const waiting = frame.id === undefined ? undefined : this.#waiting.get(frame.id);
    if (frame.id !== undefined && waiting) {
      this.#waiting.delete(frame.id);
      const isRefused = frame.event === 'error';
      return waiting.settle(
        isRefused ? { error: ParleyError.of(frame.data as Problem) } : { ack: frame.data as never },
      );
    }
    if (frame.event === 'hello') return this.#greet(frame.data as Events['hello']);
    if (frame.event === 'heartbeat') return this.socket.send('{"event":"ping","data":{}}');
    if (frame.event === 'goodbye') {
      const { code, reason, retryAfterMs } = frame.data as Events['goodbye'];
      this.#farewell = { code, reason, retryAfterMs: retryAfterMs ?? null };
      return;
    }
    this.hooks.frame(frame);
  }

  #greet(hello: Events['hello']): void {
    this.#silenceMs = hello.heartbeatMs + this.timing.graceMs;
    this.#frameBytes = hello.limits['frameBytes'] ?? this.#frameBytes;
    this.hooks.hello(hello);
  }

  #check(): void {
    const now = monotonic();
    // Insertion order: the first one waits longest.
    const [oldest] = this.#waiting.values();
    const isSilent = now - this.#heardAt >= this.#silenceMs;
    const isStuck = oldest !== undefined && now - oldest.since >= this.timing.answerMs;
    if (isSilent || isStuck)
      this.#end({ code: ABNORMAL, reason: isSilent ? 'silence' : 'no answer', retryAfterMs: null });
  }

  #end(end: ConnectionEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#watch);
    // A browser reports the close of a dead network only after a long wait; nobody here listens any more.
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(1000);
    const error = ParleyError.offline('The connection was lost.');
    for (const { settle } of this.#waiting.values()) settle({ error });
    this.#waiting.clear();
    this.hooks.end(end);
  }
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data)) as unknown;
  } catch {
    return undefined;
  }
}
