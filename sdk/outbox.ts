import type { SendAck } from '../src/protocol/commands.js';
import { Backoff } from './backoff.js';
import { ParleyError } from './errors.js';
import type { Link } from './link.js';
import type { Timing } from './timing.js';

/** A message of one's own that is not known to be stored yet. */
export interface PendingMessage {
  /** The id it will have for ever. */
  readonly id: string;
  readonly roomId: string;
  readonly text: string;
  /** When it was handed in, in epoch milliseconds. */
  readonly at: number;
}

/** Whom the outbox tells. */
export interface OutboxHooks {
  newId(): string;
  /** The pending messages of a room are different. */
  changed(roomId: string): void;
  /** The server will not take this message, or it is not known whether it did (`INTERNAL`). */
  refused(message: PendingMessage, error: ParleyError): void;
}

interface Entry extends PendingMessage {
  readonly resolve: (ack: SendAck) => void;
  readonly reject: (error: ParleyError) => void;
  /** How often the server has answered `INTERNAL`. */
  faults: number;
}

interface Lane {
  readonly entries: Entry[];
  isUnderWay: boolean;
  pause: ReturnType<typeof setTimeout> | undefined;
  readonly backoff: Backoff;
}

/** `INTERNAL` is a bug of the server: a few repeats settle whether it was stored, more would block the room for ever. */
const MOST_FAULTS = 5;

/**
 * Messages on their way. Each keeps its id and is sent again, over every reconnect, until it is acked or refused for
 * good. In one room one message is under way at a time, so that a refusal that passes (a rate, a full queue) cannot let
 * a later message overtake; rooms do not wait for one another. It lives in memory: what is pending ends with the page.
 */
export class Outbox {
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly link: Pick<Link, 'request' | 'isUp'>,
    private readonly hooks: OutboxHooks,
    private readonly timing: Timing,
  ) {}

  /** What is pending in a room, in the order of sending. */
  pending(roomId: string): readonly PendingMessage[] {
    return this.lanes.get(roomId)?.entries ?? [];
  }

  /**
   * Takes a message over.
   *
   * @returns its id, and the ack once it is stored; rejected with a ParleyError when it is refused for good
   */
  send(roomId: string, text: string): { readonly id: string; readonly acked: Promise<SendAck> } {
    const id = this.hooks.newId();
    let settle: Pick<Entry, 'resolve' | 'reject'> | undefined;
    const acked = new Promise<SendAck>((resolve, reject) => (settle = { resolve, reject }));
    // Refusals are told by `refused` as well: nobody has to wait for the promise.
    acked.catch(() => undefined);
    const entry: Entry = {
      id,
      roomId,
      text,
      at: Date.now(),
      faults: 0,
      ...(settle as Pick<Entry, 'resolve' | 'reject'>),
    };
    // It would come back without the command's id, and so stay without an answer for ever.
    if (!text.isWellFormed() || text.includes('\0')) {
      this.refuse(entry, new ParleyError('VALIDATION_FAILED', 'The text is not valid Unicode.'));
      return { id, acked };
    }
    this.laneOf(roomId).entries.push(entry);
    this.hooks.changed(roomId);
    this.advance(roomId);
    return { id, acked };
  }

  /** A session has been started: what is pending goes out, first things first. */
  resume(): void {
    for (const [roomId, lane] of this.lanes) {
      clearTimeout(lane.pause);
      lane.pause = undefined;
      this.advance(roomId);
    }
  }

  /** Gives everything up, for another user. */
  clear(): void {
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    for (const { pause, entries } of lanes) {
      clearTimeout(pause);
      for (const entry of entries) this.refuse(entry, ParleyError.offline('Signed out before it was stored.'));
    }
  }

  private laneOf(roomId: string): Lane {
    const { firstRetryMs, maxRetryMs } = this.timing;
    const lane = this.lanes.get(roomId) ?? {
      entries: [],
      isUnderWay: false,
      pause: undefined,
      backoff: new Backoff(firstRetryMs, maxRetryMs),
    };
    this.lanes.set(roomId, lane);
    return lane;
  }

  private advance(roomId: string): void {
    const lane = this.lanes.get(roomId);
    const entry = lane?.entries[0];
    if (!lane || !entry || lane.isUnderWay || lane.pause !== undefined || !this.link.isUp) return;
    lane.isUnderWay = true;
    this.link.request('message.send', { roomId, id: entry.id, text: entry.text }, ({ ack, error }) => {
      lane.isUnderWay = false;
      // Another user has signed in meanwhile.
      if (this.lanes.get(roomId) !== lane) return;
      if (error && isPassing(error, entry)) return this.wait(roomId, lane, error);
      lane.backoff.reset();
      lane.entries.shift();
      if (lane.entries.length === 0) this.lanes.delete(roomId);
      if (ack) entry.resolve(ack);
      else this.refuse(entry, error);
      this.hooks.changed(roomId);
      this.advance(roomId);
    });
  }

  /** A lost connection needs no pause of its own: `resume` comes with the next one. */
  private wait(roomId: string, lane: Lane, error: ParleyError): void {
    if (error.code === 'OFFLINE') return;
    lane.pause = setTimeout(() => {
      lane.pause = undefined;
      this.advance(roomId);
    }, error.retryAfterMs ?? lane.backoff.next());
  }

  private refuse(entry: Entry, error: ParleyError): void {
    entry.reject(error);
    this.hooks.refused({ id: entry.id, roomId: entry.roomId, text: entry.text, at: entry.at }, error);
  }
}

/** Whether the same message is to be sent again: the refusal passes, or the outcome is unknown. */
function isPassing(error: ParleyError, entry: Entry): boolean {
  if (error.code === 'INTERNAL') return ++entry.faults < MOST_FAULTS;
  // The login has ended or was renewed: the next session decides.
  return error.retryable || error.code === 'UNAUTHORIZED' || error.code === 'NOT_STARTED';
}
