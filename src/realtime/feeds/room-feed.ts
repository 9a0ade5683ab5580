import { type Stop, after } from '../../common/timers.js';
import type { Unsubscribe } from '../../bus/message-bus.js';
import type { Connection } from '../connections/connection.js';
import { type Frame, frameOf, runOf, skipFrame } from '../connections/frame.js';
import type { RoomAside } from './room-aside.js';
import type { RoomLine } from './room-line.js';

/** A hole may be a message that overtook another; the database is asked only after this long. */
const HOLE_MS = 50;

/** Changes read at a time when a hole is healed. */
export const READ_PAGE = 200;

/** Some of a room's changes, ascending, and the rev up to which there are no others; `isAll`: up to its head. */
export interface ReadStretch {
  readonly lines: readonly RoomLine[];
  readonly upTo: number;
  readonly isAll: boolean;
}

/** Reads at most `READ_PAGE` of a room's changes above a rev from the database. */
export type ReadLines = (roomId: string, after: number) => Promise<ReadStretch>;

/**
 * One room on this node: delivers its changes to the connections of its members **in the one order, each rev once**,
 * whatever the bus does. The next rev is delivered, an older one dropped; a hole waits 50 ms and is then read from the
 * database. A node that has not seen rev n never delivers rev n + 1.
 *
 * Membership is in the same order: who leaves with a rev gets nothing from that rev on.
 */
export class RoomFeed {
  /** The last rev that was delivered; null until the feed knows where the room stands. */
  private rev: number | null = null;
  private headSeq = 0;
  /** The rev of the last leaving that was delivered. */
  private leftRev = 0;
  /** Connections with the rev as of which their membership was known. */
  private readonly members = new Map<Connection, number>();
  private readonly early = new Map<number, RoomLine>();
  /** Frames in order that go to the members together. */
  private run: Frame[] = [];
  private hole: Stop | null = null;
  private healing: Promise<void> | null = null;
  private unsubscribe: Unsubscribe | null = null;

  constructor(
    readonly roomId: string,
    /** Resolves when the bus delivers this room's messages here. */
    readonly listening: Promise<Unsubscribe>,
    private readonly source: { readonly read: ReadLines; readonly onHeal: () => void },
  ) {
    void listening.then((unsubscribe) => (this.unsubscribe = unsubscribe));
  }

  has(connection: Connection): boolean {
    return this.members.has(connection);
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  /** The last rev that this node has delivered, 0 before the first. */
  get headRev(): number {
    return this.rev ?? 0;
  }

  /** The rev that may be delivered now, 0 while none may. */
  private get next(): number {
    return this.rev === null || this.healing ? 0 : this.rev + 1;
  }

  /** Says where the room stands, once; changes that came before are then sorted out. */
  start(rev: number, headSeq: number): void {
    if (this.rev !== null) return;
    this.rev = rev;
    this.headSeq = headSeq;
    this.dropOld();
    this.deliverNext();
  }

  /** Delivers to the connection from now on. `asOf`: the rev at which its user was a member. */
  add(connection: Connection, asOf: number): void {
    this.members.set(connection, asOf);
  }

  remove(connection: Connection): void {
    this.members.delete(connection);
  }

  /** A membership that was read at a later rev stands: he left and came back, and this is the leaving. */
  private removeUser(userId: string, rev: number): void {
    // What came before the leaving is still his.
    this.sendRun();
    for (const [connection, asOf] of this.members) {
      if (connection.userId !== userId || asOf >= rev) continue;
      this.members.delete(connection);
      connection.intake.drop(this.roomId);
    }
  }

  /** The users of the connections that it delivers to. */
  userIds(): string[] {
    return [...new Set([...this.members.keys()].map(({ userId }) => userId))];
  }

  /** These users are no members any more, whatever has been delivered of their leaving. */
  expel(userIds: ReadonlySet<string>): void {
    for (const connection of this.members.keys()) {
      if (!userIds.has(connection.userId)) continue;
      this.members.delete(connection);
      connection.intake.drop(this.roomId);
    }
  }

  receive(lines: readonly RoomLine[]): void {
    for (const line of lines) {
      if (line.rev === this.next) this.deliver(line);
      else if (this.rev === null || line.rev > this.rev) this.early.set(line.rev, line);
    }
    this.deliverNext();
  }

  /**
   * Tells the members of something that is not stored: only as long as this node knows exactly the members that it is
   * meant for. One that comes too early or too late is lost, as it may be.
   */
  receiveAside({ asOf, userId, hidden, text }: RoomAside): void {
    if (this.rev === null || this.rev < asOf || this.leftRev > asOf) return;
    const frame = frameOf(text, { kind: 'ephemeral' });
    for (const connection of this.members.keys()) {
      const isMeant = connection.userId !== userId && !hidden.includes(connection.userId);
      if (isMeant && connection.follows(this.roomId)) connection.deliver(frame);
    }
  }

  /** Reads what is missing up to `headRev`, if anything. */
  async catchUp(headRev: number): Promise<void> {
    if (this.rev !== null && this.rev < headRev) await this.heal();
  }

  close(): void {
    this.hole?.();
    this.members.clear();
    this.early.clear();
    if (this.unsubscribe) this.unsubscribe();
    else void this.listening.then((unsubscribe) => unsubscribe());
  }

  private deliverNext(): void {
    if (this.rev === null || this.healing) return;
    for (let line = this.waiting(); line; line = this.waiting()) this.deliver(line);
    this.sendRun();
    if (this.early.size === 0) return this.closeHole();
    this.hole ??= after(HOLE_MS, 'realtime.hole', () => this.heal());
  }

  private waiting(): RoomLine | undefined {
    return this.early.size > 0 ? this.early.get(this.headRev + 1) : undefined;
  }

  private closeHole(): void {
    this.hole?.();
    this.hole = null;
  }

  private deliver(line: RoomLine): void {
    this.rev = line.rev;
    if (this.early.size > 0) this.early.delete(line.rev);
    this.headSeq = Math.max(this.headSeq, line.seq);
    if (line.leaves) {
      this.leftRev = line.rev;
      this.removeUser(line.leaves, line.rev);
    }
    const { rev, about } = line;
    const facts = { kind: 'durable', roomId: this.roomId, rev, about, headSeq: this.headSeq } as const;
    this.run.push(frameOf(line.text, facts));
  }

  private sendRun(): void {
    if (this.run.length === 0) return;
    const run = runOf(this.run);
    this.run = [];
    for (const connection of this.members.keys()) connection.deliver(run);
  }

  private async heal(): Promise<void> {
    this.closeHole();
    this.healing ??= this.readMissing().finally(() => (this.healing = null));
    await this.healing;
    this.deliverNext();
  }

  private async readMissing(): Promise<void> {
    this.source.onHeal();
    let isAll = false;
    while (!isAll) {
      const read = await this.source.read(this.roomId, this.headRev);
      for (const line of read.lines) this.deliverHealed(line);
      this.skipTo(read.upTo);
      this.sendRun();
      ({ isAll } = read);
    }
    this.dropOld();
  }

  private deliverHealed(line: RoomLine): void {
    // A reader of the database does not see changes that a later one replaced: their revs are told as skipped.
    this.skipTo(line.rev - 1);
    if (line.rev > this.headRev) this.deliver(line);
  }

  private skipTo(rev: number): void {
    if (rev <= this.headRev) return;
    this.run.push(skipFrame(this.roomId, { fromRev: this.headRev + 1, rev, headSeq: this.headSeq }));
    this.rev = rev;
  }

  private dropOld(): void {
    for (const rev of this.early.keys()) if (rev <= this.headRev) this.early.delete(rev);
  }
}
