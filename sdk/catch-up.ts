import type { Link } from './link.js';
import type { RoomState } from './room-state.js';
import type { ParleyError } from './errors.js';

/** What the catch-up asks of its surroundings. */
export interface CatchUpHooks {
  /** The room as it is now; undefined once it is gone. */
  room(roomId: string): RoomState | undefined;
  /** The server does not know the user as a member: the private state here is out of date. */
  refused(roomId: string): void;
  error(error: ParleyError): void;
}

/** Rooms pulled at the same time: a client with hundreds of rooms must not use up its rate in one burst. */
const AT_ONCE = 2;
/** Before a pull is tried again that brought nothing or was refused without a waiting time, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * Fills holes with `room.changes`: one pull at a time for each room, page after page until nothing is missing any
 * more. Rooms asked for first come first.
 */
export class CatchUp {
  readonly #queue = new Set<string>();
  readonly #running = new Set<string>();
  readonly #pauses = new Map<string, ReturnType<typeof setTimeout>>();
  /** Rooms that were refused once: `room.gone` is probably on its way. */
  readonly #doubted = new Set<string>();
  #isHeld = true;

  constructor(
    private readonly link: Pick<Link, 'request'>,
    private readonly hooks: CatchUpHooks,
  ) {}

  /** Nothing is pulled until `release`: the connection is gone, or its handshake brings the missed changes itself. */
  hold(): void {
    this.#isHeld = true;
    this.#queue.clear();
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#pauses.clear();
    this.#doubted.clear();
  }

  release(): void {
    this.#isHeld = false;
  }

  /** Pulls the room, unless that is under way or being waited for. `first`: before the others. */
  pull(roomId: string, first = false): void {
    if (this.#isHeld || this.#running.has(roomId) || this.#pauses.has(roomId)) return;
    const others = first ? [...this.#queue] : [];
    if (first) this.#queue.clear();
    this.#queue.add(roomId);
    for (const other of others) this.#queue.add(other);
    this.#next();
  }

  #next(): void {
    for (const roomId of this.#queue) {
      if (this.#running.size >= AT_ONCE) return;
      this.#queue.delete(roomId);
      this.#ask(roomId);
    }
  }

  #ask(roomId: string): void {
    const room = this.hooks.room(roomId);
    const since = room?.missingFrom ?? null;
    if (!room || since === null) return;
    this.#running.add(roomId);
    this.link.request('room.changes', { roomId, since }, ({ ack, error }) => {
      this.#running.delete(roomId);
      if (ack) this.#doubted.delete(roomId);
      if (error) this.#onRefused(roomId, error);
      // The user may have left and come back meanwhile: another copy, another place to go on from.
      else if (this.hooks.room(roomId) === room) {
        room.applyChanges(ack, since);
        if (room.missingFrom === since) this.#again(roomId, AGAIN_MS);
        else if (room.missingFrom !== null) this.pull(roomId, true);
      } else this.pull(roomId);
      this.#next();
    });
  }

  #onRefused(roomId: string, error: ParleyError): void {
    // The reconnect schedules it anew.
    if (error.code === 'OFFLINE') return;
    if (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN') return this.#onOutside(roomId);
    if (!error.retryable) this.hooks.error(error);
    this.#again(roomId, error.retryAfterMs ?? AGAIN_MS);
  }

  /** Who has just been removed is told so a moment later; where nothing comes, something was lost. */
  #onOutside(roomId: string): void {
    if (this.#doubted.delete(roomId)) return this.hooks.refused(roomId);
    this.#doubted.add(roomId);
    this.#again(roomId, AGAIN_MS);
  }

  #again(roomId: string, afterMs: number): void {
    if (this.#isHeld) return;
    const pause = setTimeout(() => {
      this.#pauses.delete(roomId);
      this.pull(roomId);
    }, afterMs);
    this.#pauses.set(roomId, pause);
  }
}
