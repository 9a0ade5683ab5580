import type { SendMessage } from '../src/protocol/commands.js';
import type { FaultCode } from './errors.js';

/** What a message says: a text, what it answers to, whom it speaks to, its files; or what it forwards. */
export type MessageDraft = Omit<SendMessage, 'roomId' | 'id'>;

/** Why a message was refused for good. */
export interface Refusal {
  readonly code: FaultCode;
  readonly message: string;
}

/** A message on its way as a store keeps it: plain data, which JSON can carry. */
export interface StoredMessage {
  /** The id it will have for ever; the key in the store. */
  readonly id: string;
  /** Whose it is: it goes out in nobody else's name. */
  readonly userId: string;
  readonly roomId: string;
  readonly draft: MessageDraft;
  /** Epoch milliseconds; rises from one message of a user to his next, whatever the clock does. */
  readonly at: number;
  /** Where it waits for its author's decision. */
  readonly refusal?: Refusal;
}

/**
 * Where messages on their way are kept over a reload. Calls take effect in the order in which they are made. A call that
 * fails, or takes more than three seconds, is told by the `error` event and stops nothing: the message goes on from
 * memory.
 *
 * Several clients (tabs of a browser) may share a store. Each sends what it finds when a session begins, with the ids it
 * has, so that nothing is stored twice and the order in each room holds, whoever comes first. A message that was refused and
 * discarded in one of them may still go out from another that had found it before.
 */
export interface OutboxStore {
  /** All messages of this user, in any order. */
  load(userId: string): Promise<readonly StoredMessage[]>;
  /** Keeps a message, in the place of one with the same id. */
  put(message: StoredMessage): Promise<void>;
  /** Forgets a message; one that is not there is no fault. */
  remove(id: string): Promise<void>;
  /** Forgets all messages of this user; of everybody for null. */
  clear(userId: string | null): Promise<void>;
}

/** A store that forgets with the process. Two clients that share it stand for a reload. */
export function memoryOutbox(): OutboxStore {
  const kept = new Map<string, StoredMessage>();
  return {
    load: async (userId) => [...kept.values()].filter((message) => message.userId === userId),
    put: async (message) => void kept.set(message.id, message),
    remove: async (id) => void kept.delete(id),
    clear: async (userId) => {
      for (const message of kept.values()) if (userId === null || message.userId === userId) kept.delete(message.id);
    },
  };
}
