/** How long the client waits for what, in milliseconds. */
export interface Timing {
  /** Bound of the first wait before a reconnect; doubles with each failure. Default 500. */
  readonly firstRetryMs: number;
  /** Bound of the longest wait before a reconnect. Default 30,000. */
  readonly maxRetryMs: number;
  /** From opening a socket to its `hello`. Default 10,000. */
  readonly openMs: number;
  /** Beyond the server's heartbeat, before silence counts as a dead connection. Default 10,000, so 35,000 in all. */
  readonly graceMs: number;
  /** From a command to its answer, before the connection counts as broken. Default 20,000. */
  readonly answerMs: number;
  /** From a REST request to its answer. Default 20,000. */
  readonly requestMs: number;
  /** A session that lasted this long starts the waiting over at its first bound. Default 5,000. */
  readonly stableMs: number;
}

export const DEFAULT_TIMING: Timing = {
  firstRetryMs: 500,
  maxRetryMs: 30_000,
  openMs: 10_000,
  graceMs: 10_000,
  answerMs: 20_000,
  requestMs: 20_000,
  stableMs: 5_000,
};

/** Milliseconds that only rise: a corrected clock must neither close a connection nor revive a token. */
export const monotonic = (): number => performance.now();

/** A pause that nothing waits for once it is cancelled. */
export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
