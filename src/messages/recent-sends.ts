import type { StoredSend } from './send.js';

/** Sends that this node remembers; about 5 MiB. */
const SIZE = 20_000;

/**
 * The latest sends that this node stored, so that a client that repeats itself is answered without the database. What
 * is in here is committed; what is not in here may still be stored.
 */
export class RecentSends {
  private readonly sends = new Map<string, StoredSend>();

  find(id: string): StoredSend | undefined {
    return this.sends.get(id);
  }

  add(send: StoredSend): void {
    this.sends.set(send.id, send);
    if (this.sends.size <= SIZE) return;
    for (const oldest of this.sends.keys()) {
      this.sends.delete(oldest);
      return;
    }
  }
}
