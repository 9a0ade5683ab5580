import { ChatError } from './chat-error.js';

interface Bounds {
  /** Works that run at the same time. */
  readonly atOnce: number;
  /** Works that wait for their turn; one more is refused. */
  readonly waiting: number;
  /** When who is refused may try again, in milliseconds. */
  readonly retryAfterMs: number;
}

/** Lets costly works through a few at a time, in the order of their coming, so that a flood costs bounded memory. */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly bounds: Bounds) {}

  /** Runs the work in its turn. Throws `UNAVAILABLE` when too many wait. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.bounds.atOnce) await this.wait();
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private async wait(): Promise<void> {
    const { waiting, retryAfterMs } = this.bounds;
    if (this.waiting.length >= waiting) throw new ChatError('UNAVAILABLE', { retryAfterMs });
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
