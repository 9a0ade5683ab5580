/** Tokens come back evenly over time; each take costs one. */
interface Bucket {
  tokens: number;
  at: number;
}

/** What is allowed at once (`burst`), and how many a second come back. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Keys remembered by one limiter; the least recently used are forgotten, which only ever allows more. */
const MAX_KEYS = 50_000;

/** Token buckets by key, in memory. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    readonly rate: Rate,
    private readonly now: () => number,
  ) {}

  /** Takes a token. Returns 0, or the milliseconds until there is one. */
  take(key: string): number {
    const bucket = this.refill(key);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - bucket.tokens) / this.rate.perSecond) * 1000);
  }

  /** Whole tokens that are left. */
  left(key: string): number {
    return Math.floor(this.refill(key).tokens);
  }

  private refill(key: string): Bucket {
    const { burst, perSecond } = this.rate;
    const now = this.now();
    const bucket = this.buckets.get(key);
    if (!bucket) return this.add(key, { tokens: burst, at: now });
    // A clock that steps back gives nothing and takes nothing.
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(now - bucket.at, 0) / 1000) * perSecond);
    bucket.at = now;
    // The least recently used stands first.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    return bucket;
  }

  private add(key: string, bucket: Bucket): Bucket {
    if (this.buckets.size >= MAX_KEYS) {
      for (const oldest of this.buckets.keys()) {
        this.buckets.delete(oldest);
        break;
      }
    }
    this.buckets.set(key, bucket);
    return bucket;
  }
}
