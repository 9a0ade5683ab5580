import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/id.js';
import { AppConfig } from '../../config/app-config.js';
import { LastSeenService } from '../../presence/last-seen.service.js';
import { PresenceNews } from '../../presence/presence-news.service.js';
import { type Lease, PresenceStore } from '../../presence/presence-store.js';
import type { ShownUser } from '../../users/user.view.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';

/** How long the node's lease lasts, and how often it is renewed: it may miss two renewals. */
const NODE_MS = 60_000;
const RENEW_MS = 20_000;

/**
 * What this node says of its users. A connection's lease is what its socket shows anyway: it ends with the connection,
 * which is closed when nothing has come in for `limits.silenceMs`. So nothing is kept, timed or written for a
 * connection; the store hears of a user when he comes, goes, or becomes another thing.
 */
@Injectable()
export class PresenceLeases implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Presence');
  private readonly nodeId = newId();
  /** What was said of each user who is here; null is what he was when he came. */
  private readonly said = new Map<string, 'online' | 'away' | null>();
  /** What is to be said next. */
  private waiting = new Map<string, Lease>();
  private saying: Promise<void> | null = null;
  /** When those whose going is to be said were seen last. */
  private readonly going = new Map<string, number>();
  private renewedAt = 0;

  constructor(
    private readonly config: AppConfig,
    private readonly clock: Clock,
    private readonly connections: Connections,
    private readonly store: PresenceStore,
    private readonly news: PresenceNews,
    private readonly lastSeen: LastSeenService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.connections.onAdmitted.push((connection, user) => this.admit(connection, user));
    this.connections.onGone.push((connection) => this.miss(connection));
    await this.renew();
  }

  async onModuleDestroy(): Promise<void> {
    await this.saying;
  }

  /** The client says whether who uses this connection is away; that holds until it says otherwise. */
  tellAway(connection: Connection, isAway: boolean): void {
    connection.isAway = isAway;
    connection.activeAt = this.clock.now();
    this.look(connection.userId);
  }

  /** Looks who has become active or idle, keeps the node's lease, and finds what has ended. Called once a second. */
  async pulse(): Promise<void> {
    for (const userId of this.said.keys()) this.look(userId);
    this.sayWaiting();
    await this.renew();
    this.news.note(await this.store.sweep());
    await this.saying;
  }

  private admit(connection: Connection, { presence, rev: userRev }: ShownUser): void {
    const { userId } = connection;
    const choice = { presence, userRev };
    if (this.said.has(userId)) {
      connection.activeAt = connection.openedAt;
      this.say({ userId, state: 'online', endsAt: null, choice });
    } else {
      // Whoever is invisible was last seen when he became so.
      if (presence !== 'invisible') this.lastSeen.come(userId);
      this.say({ userId, state: null, endsAt: null, choice });
    }
  }

  private miss(connection: Connection): void {
    this.look(connection.userId, connection);
  }

  /** What a user is by his connections now; `last` is one that is gone. One that is closing is not waited for. */
  private look(userId: string, last?: Connection): void {
    const own = this.connections.ofUser(userId);
    const state = this.highestOf(own, this.clock.now());
    if (state === 'gone') this.leave(userId, last ?? [...own].find(({ principal }) => principal !== null));
    else if (state !== null && state !== this.said.get(userId)) this.say({ userId, state, endsAt: null });
  }

  private leave(userId: string, last: Connection | undefined): void {
    if (!this.said.has(userId)) return;
    const now = this.clock.now();
    const seenAt = last?.closeReason === 'HEARTBEAT_TIMEOUT' ? last.lastInboundAt : now;
    // Nobody comes back from a sign-out; and who was silent for long has had his time to.
    const isOver = last?.closeReason === 'SESSION_REVOKED' || last?.closeReason === 'SUSPENDED';
    const endsAt = isOver ? now : Math.max(seenAt + this.config.limits.presenceGraceMs, now);
    this.going.set(userId, seenAt);
    this.say({ userId, state: null, endsAt });
  }

  /** null: nobody has shown yet whether he is there. Connections that are not admitted yet, or closing, are none. */
  private highestOf(connections: ReadonlySet<Connection>, now: number): 'online' | 'away' | 'gone' | null {
    const { awayAfterMs } = this.config.limits;
    let highest: 'away' | 'gone' | null = 'gone';
    for (const { principal, isClosing, isAway, activeAt, openedAt } of connections) {
      if (!principal || isClosing) continue;
      const isIdle = isAway || now - Math.max(activeAt, openedAt) >= awayAfterMs;
      if (!isIdle && activeAt > 0) return 'online';
      if (!isIdle) highest = null;
      else if (highest === 'gone') highest = 'away';
    }
    return highest;
  }

  private say(lease: Lease): void {
    const { userId, state, endsAt } = lease;
    if (endsAt === null) this.said.set(userId, state);
    else this.said.delete(userId);
    const { state: saidState = null, choice = lease.choice } = this.waiting.get(userId) ?? {};
    this.waiting.set(userId, { ...lease, state: state ?? saidState, choice: lease.choice ?? choice });
    this.sayWaiting();
  }

  /** All that is to be said in a turn, or while the store is busy, goes in one batch. */
  private sayWaiting(): void {
    if (this.waiting.size === 0) return;
    this.saying ??= Promise.resolve()
      .then(() => this.sayAll())
      .catch((error: unknown) => this.logger.error({ event: 'presence.notSaid', error: String(error) }));
  }

  private async sayAll(): Promise<void> {
    while (this.waiting.size > 0) {
      const leases = this.waiting;
      this.waiting = new Map();
      await this.sayThese([...leases.values()]).catch((error: unknown) => {
        // What is newer stays; the next second tries again.
        this.waiting = new Map([...leases, ...this.waiting]);
        this.saying = null;
        throw error;
      });
    }
    this.saying = null;
  }

  private async sayThese(leases: readonly Lease[]): Promise<void> {
    await this.noteGoing(leases.filter(({ endsAt }) => endsAt !== null));
    this.news.note(await this.store.put(this.nodeId, leases));
  }

  /** Whoever is invisible is not seen to go. */
  private async noteGoing(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    const present = await this.store.read(leases.map(({ userId }) => userId));
    for (const { userId } of leases) {
      if (present.get(userId)?.state !== 'invisible') this.lastSeen.go(userId, this.going.get(userId));
      this.going.delete(userId);
    }
  }

  private async renew(): Promise<void> {
    const now = this.clock.now();
    // A clock that was put back is no reason to wait.
    if (this.renewedAt <= now && now - this.renewedAt < RENEW_MS) return;
    const lived = await this.store.renew(this.nodeId, now + NODE_MS);
    this.renewedAt = now;
    if (!lived) for (const [userId, state] of this.said) this.say({ userId, state, endsAt: null });
  }
}
