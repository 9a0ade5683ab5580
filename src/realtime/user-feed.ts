import type { Unsubscribe } from '../bus/message-bus.js';
import { type Stop, after } from '../common/timers.js';
import type { Connection } from './connection.js';
import { ephemeralFrame } from './frame.js';
import type { UserNote } from './user-note.js';

type NumberedNote = Extract<UserNote, { userRev: number }>;

/** A note that overtook another is waited for; after this the client is told to read afresh. */
const HOLE_MS = 50;

/**
 * One user on this node: his private events in `userRev` order, each once. There is no replay: where one was lost, the
 * client gets `user.stale` and reads `GET /sync`.
 */
export class UserFeed {
  readonly connections = new Set<Connection>();
  private rev: number | null = null;
  private readonly early = new Map<number, NumberedNote>();
  private hole: Stop | null = null;
  /** Notes are carried out one after the other: one that makes him a member reads the database. */
  private tail: Promise<void> = Promise.resolve();
  private unsubscribe: Unsubscribe | null = null;

  constructor(
    readonly userId: string,
    readonly listening: Promise<Unsubscribe>,
    private readonly carryOut: (feed: UserFeed, note: NumberedNote) => Promise<void> | void,
  ) {
    void listening.then((unsubscribe) => (this.unsubscribe = unsubscribe));
  }

  /** Says where the user's private state stands, once. */
  start(userRev: number): void {
    if (this.rev !== null) return;
    this.rev = userRev;
    this.next();
  }

  receive(note: NumberedNote): void {
    if (this.rev !== null && note.userRev <= this.rev) return;
    this.early.set(note.userRev, note);
    this.next();
  }

  /** Compares with the database's number; where notes were lost, tells the connections. */
  compare(userRev: number): boolean {
    if (this.rev === null || userRev <= this.rev) return false;
    this.skipTo(userRev);
    return true;
  }

  close(): void {
    this.hole?.();
    if (this.unsubscribe) this.unsubscribe();
    else void this.listening.then((unsubscribe) => unsubscribe());
  }

  private next(): void {
    if (this.rev === null) return;
    for (let note = this.early.get(this.rev + 1); note; note = this.early.get(this.rev + 1)) this.take(note);
    for (const userRev of this.early.keys()) if (userRev <= this.rev) this.early.delete(userRev);
    if (this.early.size === 0) {
      this.hole?.();
      this.hole = null;
      return;
    }
    this.hole ??= after(HOLE_MS, 'realtime.userHole', () => this.giveUpHole());
  }

  private take(note: NumberedNote): void {
    this.rev = note.userRev;
    this.early.delete(note.userRev);
    this.tail = this.tail.then(() => this.carryOut(this, note)).catch(() => this.tellStale());
  }

  /** Whatever is missing is lost; what came after it is carried out all the same, so that rooms are joined. */
  private giveUpHole(): void {
    this.hole = null;
    const notes = [...this.early.values()].sort((a, b) => a.userRev - b.userRev);
    for (const note of notes) this.take(note);
    this.tellStale();
  }

  private skipTo(userRev: number): void {
    this.rev = userRev;
    this.next();
    this.tellStale();
  }

  private tellStale(): void {
    const frame = ephemeralFrame('user.stale', { userRev: this.rev ?? 0 });
    for (const connection of this.connections) connection.push(frame);
  }
}
