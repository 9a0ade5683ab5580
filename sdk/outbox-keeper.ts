import { ParleyError } from './errors.js';
import type { OutboxStore, StoredMessage } from './outbox-store.js';

/** For one call of the store, in milliseconds; a database of a browser may hang for as long as another tab blocks it. */
const STORE_MS = 3000;

/** The store as the outbox sees it: what goes wrong there is told, and never thrown. */
export class OutboxKeeper {
  constructor(
    private readonly store: OutboxStore,
    private readonly failed: (error: ParleyError) => void,
  ) {}

  /** The messages of a user that an earlier run left, the first one first. */
  async load(userId: string): Promise<readonly StoredMessage[]> {
    const kept = (await this.#attempt(() => this.store.load(userId))) ?? [];
    return [...kept].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  /** Resolves when the message is kept, or could not be. */
  async put(message: StoredMessage): Promise<void> {
    await this.#attempt(() => this.store.put(message));
  }

  remove(id: string): void {
    void this.#attempt(() => this.store.remove(id));
  }

  clear(userId: string | null): void {
    void this.#attempt(() => this.store.clear(userId));
  }

  async #attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('it does not answer')), STORE_MS);
    });
    try {
      return await Promise.race([act(), late]);
    } catch (cause) {
      this.failed(new ParleyError('INTERNAL', `The store of the outbox failed: ${String(cause)}`, null, { cause }));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
