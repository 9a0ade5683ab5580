import type { SendAck } from '../src/protocol/commands.js';
import type { ParleyError } from './errors.js';
import type { MessageDraft, Refusal } from './outbox-store.js';

/** A message of one's own that is not known to be stored yet, or that was refused. */
export interface PendingMessage {
  /** The id it will have for ever. */
  readonly id: string;
  readonly roomId: string;
  readonly draft: MessageDraft;
  /** The draft's text; empty where it has none. */
  readonly text: string;
  /** When it was handed in, in epoch milliseconds. */
  readonly at: number;
  /** `waiting` goes out by itself; `refused` stays until it is sent again or discarded. */
  readonly state: 'waiting' | 'refused';
  /** Why it was refused. */
  readonly error?: Refusal;
}

/** A message that was handed in. */
export interface Sent {
  readonly id: string;
  /** Resolves once it is stored; rejects with a ParleyError when it is refused for good. */
  readonly acked: Promise<SendAck>;
}

/** A pending message with what the outbox knows of it. */
export interface Entry {
  message: PendingMessage;
  /** Whose it is, where that was known when it was handed in. */
  readonly userId: string | null;
  readonly resolve: (ack: SendAck) => void;
  readonly reject: (error: ParleyError) => void;
  /** Whether it is in the store, or could not be put there. It is not sent before. */
  isKept: boolean;
  /** How often the server has answered `INTERNAL`. */
  faults: number;
}

/** `INTERNAL` is a bug of the server: a few repeats settle whether it was stored, more would block the room for ever. */
const MOST_FAULTS = 5;

/** An entry for a message, and what its author gets. */
export function newEntry(
  message: PendingMessage,
  userId: string | null,
): { readonly entry: Entry; readonly sent: Sent } {
  let settle: Pick<Entry, 'resolve' | 'reject'> | undefined;
  const acked = new Promise<SendAck>((resolve, reject) => (settle = { resolve, reject }));
  // Refusals are told by `refused` as well: nobody has to wait for the promise.
  acked.catch(() => undefined);
  const own = settle as Pick<Entry, 'resolve' | 'reject'>;
  return { entry: { message, userId, isKept: false, faults: 0, ...own }, sent: { id: message.id, acked } };
}

/** Whether a frame can carry what the message says: neither halves of characters nor NUL. */
export function isCarriable(draft: MessageDraft): boolean {
  const said = Object.values(draft).flat().join('');
  return said.isWellFormed() && !said.includes('\0');
}

/** Whether the same message is to be sent again: the refusal passes, or the outcome is unknown. */
export function isPassing(error: ParleyError, entry: Entry): boolean {
  if (error.code === 'INTERNAL') return ++entry.faults < MOST_FAULTS;
  // The login has ended or was renewed: the next session decides.
  return error.retryable || error.code === 'UNAUTHORIZED' || error.code === 'NOT_STARTED';
}
