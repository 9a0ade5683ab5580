import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Stop, after } from '../../common/timers.js';
import { payloadsIn } from '../connections/frame.js';
import type { Outlet, Peer } from '../connections/peer.js';
import { StreamPosition } from './stream-cursor.js';

/** Milliseconds from one `id:` to the next. */
const ID_MS = 1000;
/** What every frame begins with, in this order; of these facts it has those of its kind. */
const FACTS =
  /^\{"event":"([\w.]+)"(?:,"roomId":"(\w+)")?(?:,"fromRev":\d+)?(?:,"rev":(\d+))?(?:,"userRev":(\d+))?(?:,"data":\{"headRev":(\d+))?/;

/**
 * An HTTP answer as a connection's socket: what its queue writes, frames of RFC 6455, leaves as Server-Sent Events, one
 * for each frame, with the frame's event as name and its JSON as data. In between stand, at most once a second,
 * blocks that hold an `id:` alone: up to there the client has been told of everything.
 *
 * Nothing ever comes in. What counts as a sign of life is that the system takes what is written.
 */
export class EventStream implements Outlet, Peer {
  readonly isPaused = false;
  readonly position = new StreamPosition();
  /** Called when the system has taken something: somebody makes room at the other end. */
  onTaken: () => void = () => undefined;
  /** Whether the position has moved since the last `id:`. */
  private isMoved = false;
  private isCaughtUp = false;
  private isOpen = false;
  /** Frames that came before the answer has begun; they stand behind the first one of it. */
  private early = '';
  /** Runs for a second behind an `id:`. */
  private resting: Stop | null = null;

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.resting?.());
    // A peer that went away between two looks must not end the process.
    response.on('error', () => undefined);
  }

  /** Sends the head of the answer at once, and how long to wait before a new request, in milliseconds. */
  open(headers: OutgoingHttpHeaders, retryMs: number): void {
    this.isOpen = true;
    this.response.writeHead(200, headers);
    this.put(`retry: ${retryMs}\n\n`, () => undefined);
  }

  get writableLength(): number {
    return this.response.writableLength;
  }

  get destroyed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  write(bytes: string, _encoding: 'latin1', taken: () => void): unknown {
    if (!this.isOpen) {
      this.early += bytes;
      return setImmediate(taken);
    }
    const events = payloadsIn(bytes + this.early).map((payload) => this.toEvent(payload));
    this.early = '';
    return this.put(events.join('') + this.idIfDue(), taken);
  }

  ping(): void {
    // What waits already will show as well whether anybody is there.
    if (this.isOpen && this.writableLength === 0 && !this.destroyed) this.put(':\n\n', () => undefined);
  }

  /** `goodbye` has said why; where the answer has not begun, it is a refusal that whoever was to begin it makes. */
  close(): void {
    if (this.isOpen) this.response.end();
  }

  terminate(): void {
    this.response.destroy();
  }

  /** In one piece and at once: Node would wait for the end of the turn, and the queue could not tell who is slow. */
  private put(text: string, taken: () => void): void {
    const { socket } = this.response;
    socket?.cork();
    this.response.write(text, 'latin1', (error) => {
      if (!error) this.onTaken();
      taken();
    });
    socket?.uncork();
  }

  private toEvent(payload: string): string {
    const event = this.note(payload);
    const text = `event: ${event}\ndata: ${payload}\n\n`;
    if (event === 'goodbye') return this.idBefore() + retryOf(payload) + text;
    if (event !== 'session.caughtUp') return text;
    this.isCaughtUp = true;
    return text + this.id();
  }

  /** Moves the position to where the frame leads. Returns the frame's event. */
  private note(payload: string): string {
    const [, event, roomId, rev, userRev, headRev] = FACTS.exec(payload) ?? [];
    const upTo = rev ?? (event === 'room.stale' ? headRev : undefined);
    if (upTo !== undefined) this.position.moveRoom(roomId, Number(upTo));
    if (userRev !== undefined) this.position.moveUser(Number(userRev));
    if (event === 'room.added' || event === 'room.gone') this.noteRooms(event, payload);
    this.isMoved ||= upTo !== undefined || userRev !== undefined;
    return event;
  }

  private noteRooms(event: 'room.added' | 'room.gone', payload: string): void {
    const { data } = JSON.parse(payload) as { data: { id: string; headRev: number; roomId: string } };
    if (event === 'room.added') this.position.moveRoom(data.id, data.headRev);
    else this.position.dropRoom(data.roomId);
  }

  /** What was told last counts for who comes back. */
  private idBefore(): string {
    return this.isCaughtUp && this.isMoved ? this.id() : '';
  }

  private id(): string {
    this.isMoved = false;
    this.resting?.();
    this.resting = after(ID_MS, 'realtime.streamId', () => this.tellLater());
    return `id: ${this.position.encode()}\n\n`;
  }

  private idIfDue(): string {
    return this.resting ? '' : this.idBefore();
  }

  /** What moved while it rested; where the reader is slow, the next write brings it. */
  private tellLater(): void {
    this.resting = null;
    if (this.destroyed || this.writableLength > 0) return;
    const id = this.idIfDue();
    if (id) this.put(id, () => undefined);
  }
}

/** Browsers do not read `goodbye` for when to come back. */
function retryOf(payload: string): string {
  const { data } = JSON.parse(payload) as { data: { retryAfterMs?: number } };
  return data.retryAfterMs === undefined ? '' : `retry: ${data.retryAfterMs}\n`;
}
