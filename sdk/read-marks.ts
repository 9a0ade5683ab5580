import type { ParleyError } from './errors.js';
import type { Link } from './link.js';
import type { RoomState } from './room-state.js';

/** What read marks need and tell. */
export interface ReadMarkHooks {
  room(roomId: string): RoomState | undefined;
  error(error: ParleyError): void;
}

const AGAIN_MS = 1000;

/**
 * Read marks on their way: the newest wish of each room, one command at a time. Marks only rise, so what was wished
 * meanwhile goes out as one, and a wish that a lost connection swallowed is simply sent again.
 */
export class ReadMarks {
  readonly #wished = new Map<string, number>();
  readonly #underWay = new Set<string>();
  readonly #pauses = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly link: Pick<Link, 'request' | 'isUp'>,
    private readonly hooks: ReadMarkHooks,
  ) {}

  /** Everything up to `seq` has been read. The counter here falls at once, the server's soon. */
  mark(roomId: string, seq: number): void {
    const room = this.hooks.room(roomId);
    const readSeq = Math.min(seq, room?.headSeq ?? 0);
    if (!room || readSeq <= room.readSeq) return;
    room.applyRead({ readSeq, readVersion: room.readVersion, mentions: room.mentions });
    this.#wished.set(roomId, readSeq);
    this.#send(roomId);
  }

  /** A session has been started: what did not arrive is sent again. */
  resume(): void {
    for (const roomId of this.#wished.keys()) this.#send(roomId);
  }

  /** Forgets all wishes, for another user. */
  clear(): void {
    this.#wished.clear();
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#pauses.clear();
  }

  #send(roomId: string): void {
    const readSeq = this.#wished.get(roomId);
    const room = this.hooks.room(roomId);
    if (readSeq === undefined || !this.link.isUp || this.#underWay.has(roomId) || this.#pauses.has(roomId)) return;
    if (!room) return void this.#wished.delete(roomId);
    this.#underWay.add(roomId);
    this.link.request('room.read', { roomId, readSeq, readVersion: room.readVersion }, ({ ack, error }) => {
      this.#underWay.delete(roomId);
      if (error?.code === 'OFFLINE') return;
      if (error?.retryable) return this.#again(roomId, error.retryAfterMs ?? AGAIN_MS);
      if (error && error.code !== 'NOT_FOUND') this.hooks.error(error);
      if (ack) this.hooks.room(roomId)?.applyRead(ack);
      if (this.#wished.get(roomId) === readSeq) this.#wished.delete(roomId);
      this.#send(roomId);
    });
  }

  #again(roomId: string, afterMs: number): void {
    const pause = setTimeout(() => {
      this.#pauses.delete(roomId);
      this.#send(roomId);
    }, afterMs);
    this.#pauses.set(roomId, pause);
  }
}
