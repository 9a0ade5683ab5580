import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { type Choice, type Lease, type Present, PresenceStore } from './presence-store.js';

/** How long a choice is remembered of somebody who is not here. */
const CHOICE_MS = 60_000;

interface Held {
  readonly nodeId: string;
  readonly state: 'online' | 'away';
  readonly endsAt: number | null;
}

interface Entry {
  leases: readonly Held[];
  /** His choice, and the userRev that it came with. */
  choice: Choice['presence'];
  choiceRev: number;
  /** Until when it is kept without a lease. */
  keptUntil: number;
  since: number;
  /** What others have last been shown. */
  shown: Shown;
}

type Shown = Exclude<Present['state'], 'invisible'> | 'offline';

/** The presence of an installation that is one process. */
@Injectable()
export class MemoryPresenceStore extends PresenceStore {
  private readonly entries = new Map<string, Entry>();
  /** When each node's lease ends. */
  private readonly nodes = new Map<string, number>();
  private readonly standings = new Map<string, readonly Held[]>();
  /** Users of whom something ends by itself. */
  private readonly ending = new Set<string>();

  constructor(private readonly clock: Clock) {
    super();
  }

  put(nodeId: string, leases: readonly Lease[]): Promise<readonly string[]> {
    const now = this.clock.now();
    return Promise.resolve(leases.filter((lease) => this.putOne(nodeId, lease, now)).map(({ userId }) => userId));
  }

  choose(userId: string, choice: Choice): Promise<boolean> {
    const now = this.clock.now();
    const entry = this.entries.get(userId) ?? this.add(userId);
    const wasInvisible = entry.choice === 'invisible';
    take(entry, choice);
    // What he did while nobody could see it is nobody's business afterwards.
    if (wasInvisible && entry.choice !== 'invisible') entry.since = now;
    if (entry.leases.length === 0) {
      entry.keptUntil = now + CHOICE_MS;
      this.ending.add(userId);
    }
    return Promise.resolve(this.show(entry, now));
  }

  renew(nodeId: string, endsAt: number): Promise<boolean> {
    const lived = (this.nodes.get(nodeId) ?? 0) > this.clock.now();
    this.nodes.set(nodeId, endsAt);
    return Promise.resolve(lived);
  }

  sweep(): Promise<readonly string[]> {
    const now = this.clock.now();
    const silent = new Set([...this.nodes].filter(([, endsAt]) => endsAt <= now).map(([nodeId]) => nodeId));
    for (const nodeId of silent) this.nodes.delete(nodeId);
    if (silent.size > 0) this.standings.clear();
    // A node's end is rare; else only those are looked at of whom something ends.
    const userIds = silent.size > 0 ? [...this.entries.keys()] : [...this.ending];
    return Promise.resolve(userIds.filter((userId) => this.sweepOne(userId, now)));
  }

  read(userIds: readonly string[]): Promise<ReadonlyMap<string, Present>> {
    const now = this.clock.now();
    return Promise.resolve(new Map(userIds.flatMap((userId) => this.find(userId, now).map((one) => [userId, one]))));
  }

  list(after: string, limit: number): Promise<readonly Present[]> {
    const now = this.clock.now();
    const userIds = [...this.entries.keys()].filter((userId) => userId > after).sort();
    const found: Present[] = [];
    for (const userId of userIds) {
      if (found.length === limit) break;
      found.push(...this.find(userId, now));
    }
    return Promise.resolve(found);
  }

  count(): Promise<number> {
    return Promise.resolve(this.entries.size);
  }

  private putOne(nodeId: string, { userId, state, endsAt, choice }: Lease, now: number): boolean {
    const entry = this.entries.get(userId) ?? this.add(userId);
    const living = entry.leases.filter((lease) => this.lives(lease, now));
    if (living.length === 0) entry.since = now;
    const resolved = state ?? stateOf(nodeId, living);
    const others = living.filter((lease) => lease.nodeId !== nodeId);
    const isAlone = others.length === 0 && endsAt === null;
    entry.leases = isAlone ? this.standing(nodeId, resolved) : [...others, { nodeId, state: resolved, endsAt }];
    if (choice) take(entry, choice);
    if (endsAt !== null) this.ending.add(userId);
    return this.show(entry, now);
  }

  /** The leases of a user who is on one node alone, without an end: nearly everybody's, so they are made once for all. */
  private standing(nodeId: string, state: Held['state']): readonly Held[] {
    const key = `${nodeId} ${state}`;
    const known = this.standings.get(key) ?? [{ nodeId, state, endsAt: null }];
    this.standings.set(key, known);
    return known;
  }

  private sweepOne(userId: string, now: number): boolean {
    const entry = this.entries.get(userId);
    if (!entry) return false;
    entry.leases = entry.leases.filter((lease) => this.lives(lease, now));
    if (entry.leases.every(({ endsAt }) => endsAt === null)) this.ending.delete(userId);
    const changed = this.show(entry, now);
    if (entry.leases.length > 0) return changed;
    if (entry.keptUntil <= now) this.entries.delete(userId);
    else this.ending.add(userId);
    return changed;
  }

  private find(userId: string, now: number): Present[] {
    const entry = this.entries.get(userId);
    const state = entry && this.stateOf(entry, now);
    return entry && state ? [{ userId, state, since: entry.since }] : [];
  }

  /** Notes what others see from now on; returns whether that is something else. */
  private show(entry: Entry, now: number): boolean {
    const state = this.stateOf(entry, now);
    const shown = state === null || state === 'invisible' ? 'offline' : state;
    const changed = shown !== entry.shown;
    entry.shown = shown;
    return changed;
  }

  private stateOf({ leases, choice }: Entry, now: number): Present['state'] | null {
    const living = leases.filter((lease) => this.lives(lease, now));
    return living.length === 0 ? null : (choice ?? highest(living));
  }

  private lives({ nodeId, endsAt }: Held, now: number): boolean {
    return (endsAt === null || endsAt > now) && (this.nodes.get(nodeId) ?? 0) > now;
  }

  private add(userId: string): Entry {
    const entry: Entry = { leases: [], choice: null, choiceRev: -1, keptUntil: 0, since: 0, shown: 'offline' };
    this.entries.set(userId, entry);
    return entry;
  }
}

function take(entry: Entry, choice: Choice): void {
  if (entry.choiceRev > choice.userRev) return;
  entry.choice = choice.presence;
  entry.choiceRev = choice.userRev;
}

const highest = (leases: readonly Held[]): 'online' | 'away' =>
  leases.some(({ state }) => state === 'online') ? 'online' : 'away';

function stateOf(nodeId: string, living: readonly Held[]): 'online' | 'away' {
  const own = living.find((lease) => lease.nodeId === nodeId);
  if (own) return own.state;
  const isBack = living.length > 0 && living.every(({ endsAt }) => endsAt !== null);
  return isBack ? highest(living) : 'online';
}
