import type { ParleyClient } from '../sdk/client.js';

/** Ids asked for at a time. */
const BATCH = 100;

/** The names of people, looked up in batches and kept. */
export class Names {
  private readonly known = new Map<string, string>();
  private wanted = new Set<string>();

  constructor(
    private readonly client: ParleyClient,
    private readonly changed: () => void,
  ) {}

  /** The name, or three dots while it is being asked for. */
  of(userId: string | null | undefined): string {
    if (!userId) return 'The server';
    const name = this.known.get(userId);
    if (name !== undefined) return name;
    if (this.wanted.size === 0) setTimeout(() => void this.lookUp(), 0);
    this.wanted.add(userId);
    return '…';
  }

  keep(userId: string, name: string): void {
    this.known.set(userId, name);
  }

  private async lookUp(): Promise<void> {
    const ids = [...this.wanted].slice(0, BATCH);
    this.wanted = new Set([...this.wanted].slice(BATCH));
    const users = await this.client.rest.lookUpUsers(ids).catch(() => null);
    // Drawing now would ask at once again, and so for ever while the server is away; the next drawing does.
    if (!users) return this.wanted.clear();
    for (const id of ids) this.known.set(id, 'Somebody');
    for (const user of users) this.known.set(user.id, user.displayName);
    this.changed();
    if (this.wanted.size > 0) await this.lookUp();
  }
}
