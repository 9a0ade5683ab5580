import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { newId } from '../../common/id.js';
import { after } from '../../common/timers.js';
import { CLOSE_CODES, type CloseReason, afterClose } from '../../protocol/close-codes.js';
import type { Limits } from '../../protocol/limits.js';
import { Arrivals } from './arrivals.js';
import type { CommandQueue } from './command-queue.js';
import { type Frame, frameOf, runOf, skipFrame } from './frame.js';
import { Intake } from './intake.js';
import { OutboundQueue } from './outbound-queue.js';
import type { Outlet, Peer } from './peer.js';
import { RoomActivity } from './room-activity.js';

/** What a connection stands on: a socket at its upgrade, or a stream of events. */
export interface Upgraded {
  readonly webSocket: Peer;
  /** Takes the framed bytes. */
  readonly socket: Outlet;
  /** What its address counts as. */
  readonly network: string;
  /** The bearer token of the upgrade request, where there was one. */
  readonly bearer: string | null;
}

/** Milliseconds that a peer has to answer the close before its socket is cut. */
const CLOSE_MS = 2000;

/** One socket, or one stream of events, of one client. It is new, then started (it has a principal), then closed. */
export class Connection {
  readonly id = newId();
  readonly outbound: OutboundQueue;
  /** Holds frames back while a room is being joined. */
  readonly intake: Intake;
  readonly openedAt: number;
  /** The login that `session.start` has shown, which may have ended; its user's events are held for it from then on. */
  login: { readonly userId: string; readonly sessionId: string } | null = null;
  /** Who it is; null until the login was found alive. */
  principal: Principal | null = null;
  /** When the access token ends, in epoch milliseconds. */
  expiresAt = 0;
  /** The userRev as of which `session.ready` was read: it knows of everything up to there. */
  userRev = 0;
  /** Whether the client has been told that the token ends soon. */
  isExpiryTold = false;
  /** Epoch milliseconds of the last byte that meant life: frames and pongs. */
  lastInboundAt: number;
  lastPingAt: number;
  /** Epoch milliseconds of the last command that a person may have caused; 0 before the first. */
  activeAt = 0;
  /** Whether the client said that who uses it is away. */
  isAway = false;
  /** Users whose presence it is told of, beside its user's friends. */
  watches: Set<string> | null = null;
  /** Why it was closed from this side. */
  closeReason: CloseReason | null = null;
  /** Whether `session.caughtUp` has been sent. */
  isCaughtUp = false;
  /** Whether a `session.start` has come, and whether one has been taken: it is taken once. */
  isStartSent = false;
  isStarting = false;
  /** When bad frames came, in epoch milliseconds, within the last minute. */
  badFrames: readonly number[] = [];
  commands: CommandQueue | null = null;
  /** The rooms whose feeds it is in, or was until its user left. */
  readonly rooms = new Set<string>();
  isClosing = false;
  /** Resolves when the handshake has ended, well or badly. */
  readonly started: Promise<void>;
  endStart: () => void = () => undefined;
  /** The first rev that its user may see, of rooms that he does not see from their start; null where there are none. */
  private firstRevs: Map<string, number> | null = null;
  /** null: full frames of every room. Otherwise the rooms that are open, and the others are told of in short. */
  openRooms: Set<string> | null = null;
  readonly activity = new RoomActivity();
  readonly arrivals: Arrivals;

  constructor(
    readonly upgraded: Upgraded,
    limits: Limits,
    private readonly now: () => number,
  ) {
    this.started = new Promise((resolve) => (this.endStart = resolve));
    this.openedAt = this.lastInboundAt = this.lastPingAt = now();
    this.outbound = new OutboundQueue(upgraded.socket, limits, now);
    this.arrivals = new Arrivals(upgraded.webSocket);
    this.intake = new Intake((frame) => this.pass(frame));
  }

  get userId(): string {
    return this.login?.userId ?? '';
  }

  /** Who calls. Throws `NOT_STARTED` before the start. */
  get caller(): Principal {
    if (!this.principal) throw new ChatError('NOT_STARTED');
    return this.principal;
  }

  /** A reply or an event about this connection alone. */
  push(frame: Frame): void {
    if (!this.isClosing) this.outbound.push(frame);
  }

  /** A room's or the user's frame, which waits while its room is being joined. */
  deliver(frame: Frame): void {
    if (!this.isClosing) this.intake.deliver(frame);
  }

  /** Closes when the answer to the command that is running has been queued. */
  closeAfterReply(reason: CloseReason): void {
    setImmediate(() => this.close(reason));
  }

  /** Sends `goodbye` and closes; nothing is sent after it. */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (this.isClosing) return;
    this.closeReason = reason;
    const code = CLOSE_CODES[reason];
    const reconnect = afterClose(code) !== 'stop';
    const farewell = {
      event: 'goodbye',
      data: { code, reason, reconnect, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    };
    this.end(code, reason, frameOf(JSON.stringify(farewell), { kind: 'private' }));
  }

  /** Closes with one of the codes of RFC 6455 itself, which come without `goodbye`. */
  closePlain(code: 1003 | 1009): void {
    if (!this.isClosing) this.end(code);
  }

  /**
   * The close frame leaves behind everything else, also to a slow reader: after it nothing may be written. Commands that
   * wait are not carried out any more.
   */
  private end(code: number, reason?: CloseReason, farewell?: Frame): void {
    this.isClosing = true;
    void this.commands?.finish();
    const { webSocket } = this.upgraded;
    this.outbound.end(() => webSocket.close(code, reason), farewell);
    after(CLOSE_MS, 'realtime.terminate', () => webSocket.terminate());
  }

  /** Whether it gets everything of a room that it is in, and is in it for sure. */
  follows(roomId: string): boolean {
    return (this.openRooms?.has(roomId) ?? true) && !this.intake.holds(roomId);
  }

  /** Says from which rev on its user sees a room: of older messages he is not told either what becomes of them. */
  limit(roomId: string, firstRev: number): void {
    if (firstRev > 1) this.firstRevs = (this.firstRevs ?? new Map<string, number>()).set(roomId, firstRev);
    else this.firstRevs?.delete(roomId);
  }

  /** A room's frame as its user may see it: in place of what he may not, a `skip`, so that he misses no rev. */
  shown(frame: Frame): Frame {
    const firstRev = frame.about > 0 ? this.firstRevs?.get(frame.roomId) : undefined;
    if (firstRev === undefined) return frame;
    if (frame.parts) return runOf(frame.parts.map((part) => this.shown(part)));
    const { roomId, rev, headSeq } = frame;
    return frame.about < firstRev ? skipFrame(roomId, { fromRev: rev, rev, headSeq }) : frame;
  }

  /** What was missed of a room that is being joined, in front of what waits for it. */
  catchUp(frames: readonly Frame[], headSeq: number): void {
    if (this.isClosing) return;
    for (const frame of frames) this.pass({ ...frame, headSeq });
  }

  private pass(whole: Frame): void {
    const frame = this.shown(whole);
    if (this.openRooms !== null && frame.kind === 'private') this.activity.noteOwn(frame);
    if (this.openRooms === null || frame.kind !== 'durable' || this.openRooms.has(frame.roomId)) {
      this.outbound.push(frame);
    } else {
      this.activity.note(frame);
    }
  }

  /** Milliseconds since anything came in. */
  get silentMs(): number {
    return this.now() - this.lastInboundAt;
  }
}
