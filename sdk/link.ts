import { afterClose } from '../src/protocol/close-codes.js';
import type { Acks, CommandName, Commands, SessionReady, SessionStart } from '../src/protocol/commands.js';
import type { Events } from '../src/protocol/events.js';
import type { ServerFrame } from '../src/protocol/frames.js';
import { SUBPROTOCOL } from '../src/protocol/subprotocol.js';
import { Backoff } from './backoff.js';
import { Connection, type ConnectionEnd, type Outcome } from './connection.js';
import { ParleyError, toParleyError } from './errors.js';
import type { SocketClass } from './socket.js';
import { type Timing, monotonic } from './timing.js';
import type { TokenKeeper } from './tokens.js';

/** Where the connection stands. */
export type ConnectionStatus =
  | { readonly state: 'connecting' }
  /** Started and caught up: what comes now is live. */
  | { readonly state: 'online' }
  /** Lost, or never made; the next attempt comes by itself. */
  | { readonly state: 'away'; readonly retryInMs: number; readonly error: ParleyError | null }
  /** There is no next attempt: closed by this side (`code` 1000), refused for good (4200–4299), or signed out. */
  | { readonly state: 'stopped'; readonly code: number; readonly reason: string };

/** Whom the link tells, and asks. */
export interface LinkHooks {
  /** Where to go on: cursor and open rooms for `session.start`, within the limits that the server told. */
  position(limits: Events['hello']['limits']): Pick<SessionStart, 'cursor' | 'open' | 'watch'>;
  ready(ready: SessionReady): void;
  frame(frame: ServerFrame): void;
  status(status: ConnectionStatus): void;
  error(error: ParleyError): void;
}

/** How the link is made. */
export interface LinkOptions {
  readonly url: string;
  readonly webSocket: SocketClass;
  readonly tokens: TokenKeeper;
  readonly timing: Timing;
  readonly session: Pick<SessionStart, 'device' | 'follow'>;
}

/** Closed by this side. */
const CLOSED = 1000;
/** Before a renewal that failed is tried again; the token has 60 s left when the server tells. */
const RENEW_AGAIN_MS = 10_000;
/** What the server has to close the connection itself after it refused a session, in milliseconds. */
const CLOSE_WAIT_MS = 1000;

/**
 * Keeps one started session alive for as long as it is wanted: opens, starts, comes back after a loss with a waiting
 * time of its own, does what the close code says (protocol, Close codes), and renews the token in place.
 */
export class Link {
  readonly #backoff: Backoff;
  #connection: Connection | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #isWanted = false;
  #readyAt: number | null = null;
  #needsToken = false;

  constructor(
    private readonly options: LinkOptions,
    private readonly hooks: LinkHooks,
  ) {
    this.#backoff = new Backoff(options.timing.firstRetryMs, options.timing.maxRetryMs);
  }

  /** Whether the session has been started, so that commands are taken. */
  get isUp(): boolean {
    return this.#readyAt !== null;
  }

  /** Begins, or begins again after a stop. */
  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#backoff.reset();
    void this.#open();
  }

  /** Tries at once instead of at the end of the waiting time. Does nothing while a connection is there. */
  wake(): void {
    if (this.#isWanted && this.#retry !== undefined) void this.#open();
  }

  /** Ends it for good. */
  stop(reason = 'closed', code = CLOSED): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#connection?.close(reason);
    this.hooks.status({ state: 'stopped', code, reason });
  }

  /** Sends a command over the started session; `settle` is called exactly once, with `OFFLINE` where there is none. */
  request<C extends CommandName>(event: C, data: Commands[C], settle: (outcome: Outcome<Acks[C]>) => void): void {
    if (this.#connection && this.isUp) return this.#connection.request(event, data, settle);
    settle({ error: ParleyError.offline('There is no connection.') });
  }

  async #open(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.hooks.status({ state: 'connecting' });
    try {
      const { tokens } = this.options;
      const token = await (this.#needsToken ? tokens.renew() : tokens.fresh());
      this.#needsToken = false;
      if (this.#isWanted && !this.#connection) this.#connect(token);
    } catch (thrown) {
      const error = toParleyError(thrown);
      if (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN') return this.stop(error.message, 4102);
      this.#later(error.retryAfterMs, error);
    }
  }

  #connect(token: string): void {
    const { webSocket: Socket, url, timing } = this.options;
    const connection = new Connection(
      new Socket(url, [SUBPROTOCOL]),
      {
        hello: ({ limits }) => this.#begin(connection, { token, ...this.hooks.position(limits) }),
        frame: (frame) => this.#take(frame),
        end: (end) => this.#onEnd(end),
      },
      timing,
    );
    this.#connection = connection;
  }

  #begin(connection: Connection, who: SessionStart): void {
    const start = { ...who, ...this.options.session, batch: true };
    connection.request('session.start', start, ({ ack, error }) => {
      if (ack) {
        this.#readyAt = monotonic();
        return this.hooks.ready(ack);
      }
      if (error.code === 'OFFLINE') return;
      if (error.code === 'UNAUTHORIZED') this.#needsToken = true;
      else this.hooks.error(error);
      // The server closes behind the refusal with the code that says what to do; a proxy may not.
      this.#renewal = setTimeout(() => connection.close('refused'), CLOSE_WAIT_MS);
    });
  }

  #take(frame: ServerFrame): void {
    this.hooks.frame(frame);
    if (frame.event === 'session.caughtUp') this.hooks.status({ state: 'online' });
    if (frame.event === 'session.expiring') void this.#renew();
  }

  /** `session.refresh`: a newer token on the same connection. Without one the server closes it, which heals as well. */
  async #renew(): Promise<void> {
    const connection = this.#connection;
    try {
      const token = await this.options.tokens.renew();
      if (connection !== this.#connection) return;
      this.request('session.refresh', { token }, ({ error }) => error && this.hooks.error(error));
    } catch (thrown) {
      if (connection !== this.#connection || toParleyError(thrown).code === 'UNAUTHORIZED') return;
      this.#renewal = setTimeout(() => void this.#renew(), RENEW_AGAIN_MS);
    }
  }

  #onEnd({ code, reason, retryAfterMs }: ConnectionEnd): void {
    const livedMs = this.#readyAt === null ? 0 : monotonic() - this.#readyAt;
    if (livedMs >= this.options.timing.stableMs) this.#backoff.reset();
    clearTimeout(this.#renewal);
    this.#connection = null;
    this.#readyAt = null;
    if (!this.#isWanted) return;
    const next = afterClose(code);
    if (next === 'stop') return this.stop(reason, code);
    if (next === 'authenticate') this.#needsToken = true;
    this.#later(retryAfterMs, null);
  }

  /** The server's own waiting time is already spread over its clients. */
  #later(retryAfterMs: number | null, error: ParleyError | null): void {
    if (!this.#isWanted) return;
    const retryInMs = retryAfterMs ?? this.#backoff.next();
    this.#retry = setTimeout(() => void this.#open(), retryInMs);
    this.hooks.status({ state: 'away', retryInMs, error });
  }
}
