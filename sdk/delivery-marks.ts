import type { MessageView } from '../src/protocol/views.js';
import type { Link } from './link.js';
import type { RoomState } from './room-state.js';

/** Larger rooms are told of what is read alone: each message there would be answered by everybody. */
const MOST_MEMBERS = 32;
/** Between two rounds, in milliseconds, and rooms in one of them: far below the rate of commands. */
const ROUND_MS = 1000;
const ROOMS_A_ROUND = 5;

/**
 * Says what this client has received, for the receipts of others: the newest of each room, once a second, a few rooms at
 * a time. What is read needs no such mark, and what gets lost is made up for by the next one.
 */
export class DeliveryMarks {
  readonly #due = new Map<string, RoomState>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly link: Pick<Link, 'request' | 'isUp'>) {}

  /** A message of somebody else is here. */
  received(room: RoomState, { seq }: MessageView): void {
    const members = room.view?.memberCount ?? 0;
    if (seq === null || seq <= room.readSeq || members < 2 || members > MOST_MEMBERS) return;
    this.#due.set(room.id, room);
    this.#timer ??= setTimeout(() => this.#tell(), ROUND_MS);
  }

  /** The connection is gone. */
  clear(): void {
    this.#due.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    for (const [roomId, room] of [...this.#due].slice(0, ROOMS_A_ROUND)) {
      this.#due.delete(roomId);
      const { readSeq, readVersion, headSeq: deliveredSeq } = room;
      if (deliveredSeq <= readSeq) continue;
      this.link.request('room.read', { roomId, readSeq, readVersion, deliveredSeq }, () => undefined);
    }
    this.#timer = this.#due.size > 0 ? setTimeout(() => this.#tell(), ROUND_MS) : undefined;
  }
}
