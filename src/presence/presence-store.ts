import type { PresenceChoice, PresenceState } from '../protocol/views.js';

/** What one node says of one of its users: the highest of his connections there. */
export interface Lease {
  readonly userId: string;
  /**
   * null: as this node had it, else as his other leases have it where all of them are ending, else `online`. So
   * somebody who comes back from a lost connection is what he was.
   */
  readonly state: 'online' | 'away' | null;
  /** Epoch milliseconds when it ends by itself: the grace of somebody who has gone. null: it lasts as the node's. */
  readonly endsAt: number | null;
  /** What he has chosen, where the node has just read it. */
  readonly choice?: Choice;
}

/** What a user has chosen to be shown as; of two, the one with the greater `userRev` holds. */
export interface Choice {
  readonly presence: PresenceChoice | null;
  readonly userRev: number;
}

/** A user who is here, as he sees himself: who is `invisible` is offline for everybody else. */
export interface Present {
  readonly userId: string;
  readonly state: Exclude<PresenceState, 'offline'>;
  /** Since when others could see him without a break, in epoch milliseconds; while invisible: since he came. */
  readonly since: number;
}

/**
 * Who is here, over all nodes of an installation (ADR 0023). A node keeps the leases of its connections to itself and
 * says for each user only what they come to, in batches, and only when that changes; one lease of the node's own keeps
 * all of them alive. So thousands of connections cost one write every few seconds, and when a node dies everything that
 * it said ends with its lease.
 *
 * What an implementation promises:
 * - a user is here while one of his leases has not ended: `online` where one says so, else `away`; what he has chosen
 *   stands in place of either;
 * - each difference that others can see is returned once, by one of the calls that change something or find it: who
 *   comes back before his last lease has ended, and whatever somebody does while he is invisible, is none;
 * - a choice is remembered for a minute without a lease, so that one that overtakes its user's coming is not lost.
 */
export abstract class PresenceStore {
  /**
   * Replaces what the node said of these users.
   *
   * @returns the users whom others see differently now
   */
  abstract put(nodeId: string, leases: readonly Lease[]): Promise<readonly string[]>;

  /** Takes a choice. Returns whether others see the user differently now. */
  abstract choose(userId: string, choice: Choice): Promise<boolean>;

  /**
   * Keeps what the node said, and says, alive until `endsAt`, in epoch milliseconds. A node begins with this.
   *
   * @returns false where the node had no lease, or it had ended: what it said before is gone
   */
  abstract renew(nodeId: string, endsAt: number): Promise<boolean>;

  /**
   * Drops leases that have ended, a silent node's too. To be called once a second by every node.
   *
   * @returns the users whom others see differently since then
   */
  abstract sweep(): Promise<readonly string[]>;

  /** Those of the users who are here. */
  abstract read(userIds: readonly string[]): Promise<ReadonlyMap<string, Present>>;

  /** Users who are here, in the order of their ids, behind `after`. */
  abstract list(after: string, limit: number): Promise<readonly Present[]>;

  /** How many users are here; it may count some who have just gone. */
  abstract count(): Promise<number>;
}
