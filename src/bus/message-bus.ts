/** Ends a subscription. Nothing is delivered after it has been called. */
export type Unsubscribe = () => void;

/**
 * Carries text between the nodes of an installation: **a doorbell, not the truth**. The database is the truth; whoever
 * listens must be able to do without any single message.
 *
 * What an implementation promises:
 * - a message is delivered at most once to each subscription, to this node's own ones too;
 * - a subscription that is in place (its promise has resolved) before a message is published gets it, unless the
 *   message is lost; messages of one publisher on one channel come in the order of publishing;
 * - listeners run after `publish` has returned, and one that throws harms neither the publisher nor other listeners.
 */
export abstract class MessageBus {
  /** Sends and forgets. Never throws: a lost message is healed by those who read the database. */
  abstract publish(channel: string, message: string): void;

  /** Resolves when messages published from now on are heard. */
  abstract subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe>;

  /** Whether other nodes can be reached at this moment. */
  abstract isConnected(): boolean;

  /** Delivers nothing any more. */
  abstract close(): Promise<void>;
}
