/**
 * Waiting times between attempts: full jitter under a bound that doubles from `firstMs` to `maxMs`, so that clients
 * that were dropped together do not come back together.
 */
export class Backoff {
  #attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** How long to wait before the next attempt, in milliseconds; each call raises the bound. */
  next(): number {
    // 2 ** 30 is far above any bound; more would only risk Infinity after days without a network.
    const bound = Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.#attempts++, 30));
    return Math.floor(this.random() * bound);
  }

  /** Starts over from the first bound. */
  reset(): void {
    this.#attempts = 0;
  }
}
