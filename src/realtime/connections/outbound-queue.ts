import type { Limits } from '../../protocol/limits.js';
import { type Frame, joinFrames, partsOf, staleFrame } from './frame.js';
import type { Outlet } from './peer.js';
import { scheduleFlush } from './turn.js';

/** Bytes handed to the kernel in one write; what it does not take stays in Node and counts as queued. */
const WRITE_BYTES = 262_144;
/** Frames in one WebSocket message, for clients that asked for batches. */
const BATCH_FRAMES = 64;

type Bounds = Pick<Limits, 'queueBytes' | 'queueFrames'>;

/**
 * What one connection is to be sent. All frames of a turn of the event loop leave in one write, replies before events,
 * so an ack is there before the event it caused. Never waits for a reader: what the kernel does not take is bounded,
 * and from three quarters on the busiest rooms shrink to one `room.stale` each (protocol, Backpressure).
 */
export class OutboundQueue {
  /** Epoch milliseconds of the last write. */
  lastWriteAt = 0;
  /** Since when the queue has been full, in epoch milliseconds; 0 while it is not. */
  fullSince = 0;
  /** Whether several frames may come in one WebSocket message. */
  batch = false;
  /** Called when there is room again for those who were refused it by `askRoom`. */
  onRoom: () => void = () => undefined;

  private replies: Frame[] = [];
  private events: Frame[] = [];
  /** Rooms whose frames were replaced, with the rev the client will have to pull up to; null where it has kept up. */
  private stale: Map<string, number> | null = null;
  private bytes = 0;
  private frames = 0;
  private scheduled = false;
  private writing = false;
  /** Own writes whose callback has not come; `ws` writes pings and pongs past this queue. */
  private pending = 0;
  private isRoomAsked = false;
  /** Called once nothing is left to write. */
  private ended: (() => void) | null = null;

  constructor(
    private readonly socket: Outlet,
    private readonly bounds: Bounds,
    private readonly now: () => number,
  ) {}

  /** How full the queue is: 0 empty, 1 at a limit. */
  get fill(): number {
    const { queueBytes, queueFrames } = this.bounds;
    return Math.max((this.bytes + this.socket.writableLength) / queueBytes, this.frames / queueFrames);
  }

  /** Whether another answer may be made now. Where not, `onRoom` tells when. */
  askRoom(): boolean {
    const hasRoom = this.fill < 1;
    this.isRoomAsked ||= !hasRoom;
    return hasRoom;
  }

  push(frame: Frame): void {
    if (frame.kind === 'reply') {
      this.add(this.replies, frame);
    } else {
      // Measured against what earlier turns left over, not against this turn's own burst.
      if (frame.kind === 'ephemeral' && this.writing && this.fill >= 0.5) return;
      if (frame.kind === 'durable' && this.stale?.has(frame.roomId)) {
        this.stale.set(frame.roomId, frame.rev);
        return;
      }
      this.add(this.events, frame);
    }
    this.schedule();
  }

  private add(lane: Frame[], frame: Frame): void {
    lane.push(frame);
    this.count(frame, 1);
  }

  private count({ bytes, parts }: Frame, sign: 1 | -1): void {
    this.bytes += sign * bytes.length;
    this.frames += sign * (parts?.length ?? 1);
  }

  /**
   * Writes what is queued and `last` behind it, and calls `ended` when the socket has taken it all; nothing may be
   * pushed any more. Events that wait for a slow reader are given up: he comes back with his cursor.
   */
  end(ended: () => void, last?: Frame): void {
    if (this.writing) this.keep(() => false);
    this.stale = null;
    if (last) this.add(this.events, last);
    this.ended = ended;
    this.flush();
  }

  /** Writes what the socket takes. Called at the end of a turn, and when the socket has taken the write before. */
  flush(): void {
    this.scheduled = false;
    while (!this.writing && !this.socket.destroyed && this.hasFrames()) this.writeSome();
    if (this.writing) this.shrink();
    const full = this.writing && this.fill >= 1;
    this.fullSince = full ? this.fullSince || this.now() : 0;
    if (this.isRoomAsked && this.fill < 1) this.tellRoom();
    if (!this.writing && !this.hasFrames()) this.tellEnded();
  }

  private tellRoom(): void {
    this.isRoomAsked = false;
    this.onRoom();
  }

  private tellEnded(): void {
    this.ended?.();
    this.ended = null;
  }

  private hasFrames(): boolean {
    return this.replies.length + this.events.length > 0 || this.stale !== null;
  }

  private schedule(): void {
    if (this.scheduled || this.writing) {
      // A slow socket has no turn of its own coming: keep its queue within bounds here.
      if (this.writing && this.fill >= 0.75) this.flush();
      return;
    }
    this.scheduled = true;
    scheduleFlush(this);
  }

  private writeSome(): void {
    const frames = this.take();
    this.lastWriteAt = this.now();
    this.pending++;
    this.socket.write(this.batch ? inBatches(frames.flatMap(partsOf)) : joined(frames), 'latin1', this.onWritten);
    // The kernel took everything at once, so there is nothing to wait for.
    this.writing = this.socket.writableLength > 0;
  }

  private readonly onWritten = (): void => {
    this.pending--;
    if (!this.writing || this.pending > 0) return;
    this.writing = false;
    this.flush();
  };

  private take(): Frame[] {
    if (this.replies.length + this.events.length === 0) this.takeStale();
    if (this.bytes <= WRITE_BYTES) return this.takeAll();
    const taken: Frame[] = [];
    let bytes = 0;
    for (const lane of [this.replies, this.events]) {
      let count = 0;
      while (count < lane.length && bytes < WRITE_BYTES) bytes += lane[count++].bytes.length;
      taken.push(...lane.splice(0, count));
    }
    for (const frame of taken) this.count(frame, -1);
    return taken;
  }

  private takeAll(): Frame[] {
    const taken = this.replies.length > 0 ? [...this.replies, ...this.events] : this.events;
    this.replies = [];
    this.events = [];
    this.bytes = 0;
    this.frames = 0;
    return taken;
  }

  private takeStale(): void {
    for (const [roomId, headRev] of this.stale ?? []) this.add(this.events, staleFrame(roomId, headRev));
    this.stale = null;
  }

  private shrink(): void {
    if (this.fill < 0.75) return;
    this.keep((frame) => frame.kind !== 'ephemeral');
    while (this.fill >= 0.5) {
      const roomId = busiestRoom(this.events);
      if (roomId === null) return;
      const last = this.events.findLast((frame) => frame.kind === 'durable' && frame.roomId === roomId);
      this.stale = (this.stale ?? new Map<string, number>()).set(roomId, last?.rev ?? 0);
      this.keep((frame) => frame.kind !== 'durable' || frame.roomId !== roomId);
    }
  }

  private keep(wanted: (frame: Frame) => boolean): void {
    this.events = this.events.filter((frame) => {
      if (wanted(frame)) return true;
      this.count(frame, -1);
      return false;
    });
  }
}

function busiestRoom(frames: readonly Frame[]): string | null {
  const bytes = new Map<string, number>();
  let busiest: string | null = null;
  for (const { kind, roomId, bytes: framed } of frames) {
    if (kind !== 'durable') continue;
    bytes.set(roomId, (bytes.get(roomId) ?? 0) + framed.length);
    if (busiest === null || (bytes.get(roomId) ?? 0) > (bytes.get(busiest) ?? 0)) busiest = roomId;
  }
  return busiest;
}

function joined(frames: readonly Frame[]): string {
  let bytes = '';
  for (const frame of frames) bytes += frame.bytes;
  return bytes;
}

function inBatches(frames: readonly Frame[]): string {
  let bytes = '';
  for (let i = 0; i < frames.length; i += BATCH_FRAMES) {
    const batch = frames.slice(i, i + BATCH_FRAMES);
    bytes += batch.length === 1 ? batch[0].bytes : joinFrames(batch);
  }
  return bytes;
}
