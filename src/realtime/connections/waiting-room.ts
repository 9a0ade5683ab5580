import type { Limits } from '../../protocol/limits.js';
import type { Connection } from './connection.js';

/** Milliseconds after which a connection that has said nothing makes way for one of the same address. */
const SILENT_MS = 2000;

type Bounds = Pick<Limits, 'connectionsPerAddress' | 'connectionsWaiting'>;

/**
 * Connections that have not started yet, in the order of their coming. They cost a file descriptor each and may be
 * anybody's, so their number is bounded; and because whoever means well starts at once, it is the one that has been
 * silent for longest that makes way, not the newcomer.
 */
export class WaitingRoom {
  private readonly all = new Set<Connection>();
  private readonly byAddress = new Map<string, Set<Connection>>();

  constructor(
    private readonly bounds: Bounds,
    private readonly now: () => number,
  ) {}

  /**
   * Whether one more of this address may come in; where there is no place, a silent one is closed for it. False when
   * the address has only connections that came just now.
   */
  makePlace(network: string): boolean {
    const ofAddress = this.byAddress.get(network);
    if (ofAddress && ofAddress.size >= this.bounds.connectionsPerAddress && !this.dismiss(ofAddress, SILENT_MS))
      return false;
    return this.all.size < this.bounds.connectionsWaiting || this.dismiss(this.all, 0);
  }

  add(connection: Connection): void {
    const { network } = connection.upgraded;
    this.all.add(connection);
    this.byAddress.set(network, (this.byAddress.get(network) ?? new Set()).add(connection));
  }

  remove(connection: Connection): void {
    const { network } = connection.upgraded;
    this.all.delete(connection);
    const ofAddress = this.byAddress.get(network);
    if (ofAddress?.delete(connection) && ofAddress.size === 0) this.byAddress.delete(network);
  }

  /** Closes the one that has been silent for longest, if that is `silentMs` at least. */
  private dismiss(connections: Iterable<Connection>, silentMs: number): boolean {
    for (const connection of connections) {
      if (connection.isStartSent) continue;
      if (this.now() - connection.openedAt < silentMs) return false;
      this.remove(connection);
      connection.close('RATE_LIMITED');
      return true;
    }
    return false;
  }
}
