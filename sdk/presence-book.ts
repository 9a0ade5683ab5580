import type { SessionStart } from '../src/protocol/commands.js';
import type { Events } from '../src/protocol/events.js';
import type { PresenceView } from '../src/protocol/views.js';
import type { Link } from './link.js';

/** Whose presence is known, and whom to watch again after a reconnect. */
export class PresenceBook {
  readonly #watched = new Set<string>();
  readonly #known = new Map<string, PresenceView>();

  constructor(
    private readonly link: Pick<Link, 'request'>,
    private readonly told: (items: readonly PresenceView[]) => void,
  ) {}

  /** How a user is, as far as this client was told; what was told before a reconnect is forgotten with it. */
  of(userId: string): PresenceView | undefined {
    return this.#known.get(userId);
  }

  /** Watches users from now on, over every reconnect. Rejects where that is too many; what is not sent is made up for. */
  watch(userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) this.#watched.add(userId);
    return new Promise((resolve, reject) => {
      this.link.request('presence.watch', { userIds }, ({ ack, error }) => {
        if (ack) this.receive(ack);
        if (error && error.code !== 'OFFLINE') {
          for (const userId of userIds) this.#watched.delete(userId);
          reject(error);
        } else resolve();
      });
    });
  }

  /** Watches these users no more. */
  unwatch(userIds: readonly string[]): void {
    for (const userId of userIds) {
      this.#watched.delete(userId);
      this.#known.delete(userId);
    }
    this.link.request('presence.unwatch', { userIds }, () => undefined);
  }

  /** Whom the next session watches from its start on. */
  position(): Pick<SessionStart, 'watch'> {
    return this.#watched.size > 0 ? { watch: [...this.#watched] } : {};
  }

  /** A session has begun: its snapshots follow. */
  ready(): void {
    this.#known.clear();
  }

  /** A snapshot, or what has changed. */
  receive({ items }: Events['presence']): void {
    for (const item of items) this.#known.set(item.userId, item);
    this.told(items);
  }

  /** Forgets everything, for another user. */
  clear(): void {
    this.#watched.clear();
    this.#known.clear();
  }
}
