import type { Unsubscribe } from '../../bus/message-bus.js';
import { type Stop, after } from '../../common/timers.js';
import type { Connection } from '../connections/connection.js';
import { ephemeralFrame } from '../connections/frame.js';
import type { UserNote } from './user-note.js';

/** A note of a durable change. */
export type NumberedNote = Extract<UserNote, { userRev: number }>;

/** A note that overtook another is waited for; after this the client is told to read afresh. */
const HOLE_MS = 250;

/** What a feed asks of those who know more than it does. */
export interface UserFeedDuties {
  readonly carryOut: (feed: UserFeed, note: NumberedNote) => Promise<void> | void;
  /** Notes are lost, among them perhaps that he became a member somewhere. */
  readonly onLost: (feed: UserFeed) => Promise<void>;
}

/**
 * One user on this node: his private events in `userRev` order, each once. There is no replay: where one was lost, the
 * client gets `user.stale` and reads `GET /sync`.
 */
export class UserFeed {
  readonly connections = new Set<Connection>();
  /** False while something was lost and its repair has not succeeded: `repair` is to be tried again. */
  isWhole = true;
  private rev: number | null = null;
  /** Notes that overtook others; null while there are none, as nearly always. */
  private early: Map<number, NumberedNote> | null = null;
  private hole: Stop | null = null;
  /** Notes are carried out one after the other: one that makes him a member reads the database. */
  private tail: Promise<void> = Promise.resolve();
  private unsubscribe: Unsubscribe | null = null;

  constructor(
    readonly userId: string,
    readonly listening: Promise<Unsubscribe>,
    private readonly duties: UserFeedDuties,
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
    this.early = (this.early ?? new Map<number, NumberedNote>()).set(note.userRev, note);
    this.next();
  }

  /** Whether notes up to the database's number have not come, or not yet. */
  isBehind(userRev: number): boolean {
    return this.rev !== null && userRev > this.rev;
  }

  /** Gives up what has not come up to this number. */
  skipTo(userRev: number): void {
    this.rev = userRev;
    this.next();
    this.giveUp();
  }

  /** Makes up for what was lost, as far as this node is concerned; the client reads for itself. */
  repair(): void {
    this.isWhole = false;
    const repaired = this.tail.then(() => this.duties.onLost(this)).then(() => void (this.isWhole = true));
    this.tail = repaired.catch(() => undefined);
  }

  close(): void {
    this.hole?.();
    if (this.unsubscribe) this.unsubscribe();
    else void this.listening.then((unsubscribe) => unsubscribe());
  }

  private next(): void {
    const { early } = this;
    if (this.rev === null) return;
    for (let note = early?.get(this.rev + 1); note; note = early?.get(this.rev + 1)) this.take(note);
    for (const userRev of early?.keys() ?? []) if (userRev <= this.rev) early?.delete(userRev);
    if (!early || early.size === 0) {
      this.early = null;
      this.hole?.();
      this.hole = null;
      return;
    }
    this.hole ??= after(HOLE_MS, 'realtime.userHole', () => this.giveUpHole());
  }

  private take(note: NumberedNote): void {
    this.rev = note.userRev;
    this.early?.delete(note.userRev);
    this.tail = this.tail.then(() => this.duties.carryOut(this, note)).catch(() => this.giveUp());
  }

  /** Whatever is missing is lost; what came after it is carried out all the same, so that rooms are joined. */
  private giveUpHole(): void {
    this.hole = null;
    const notes = [...(this.early?.values() ?? [])].sort((a, b) => a.userRev - b.userRev);
    for (const note of notes) this.take(note);
    this.giveUp();
  }

  private giveUp(): void {
    this.tellStale();
    this.repair();
  }

  private tellStale(): void {
    const frame = ephemeralFrame('user.stale', { userRev: this.rev ?? 0 });
    for (const connection of this.connections) connection.push(frame);
  }
}
