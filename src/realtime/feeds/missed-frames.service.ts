import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Principal } from '../../access/principal.js';
import { type Stop, after } from '../../common/timers.js';
import { AppConfig } from '../../config/app-config.js';
import type { RoomChange } from '../../events/chat-events.js';
import { ChangesService } from '../../messages/changes.service.js';
import { type Frame, frameOf, runOf, skipFrame, staleFrame } from '../connections/frame.js';
import { toLine } from './room-line.js';

/** What somebody missed of a room: changes above `after` up to `headRev`; the client knows up to `since`. */
export interface Missed {
  readonly roomId: string;
  readonly since: number;
  readonly after: number;
  readonly headRev: number;
}

/** The frames, and whether they show anything that was changed behind `headRev`: who left since may not see that. */
export interface MissedRead {
  readonly frames: readonly Frame[];
  readonly isAhead: boolean;
}

/** Milliseconds for which the frames are kept for the next one who missed the same. */
const KEPT_MS = 1000;
/** Answers that are kept, and bytes that one of them may have: together at most 16 MiB. */
const KEPT = 128;
const KEPT_BYTES = 131_072;
/** Bytes of frames that go into a queue as one. */
const RUN_BYTES = 65_536;

/**
 * The frames that a client missed, as live ones would have been. When a node or a network comes back, the members of a
 * room have all missed the same, so it is read and framed once for all of them: a third of what it costs to bring two
 * thousand clients back (measured).
 *
 * A change that is made later has a later rev, so what is kept under a head is never wrong for it.
 */
@Injectable()
export class MissedFrames implements OnModuleDestroy {
  private readonly system = Principal.system('catch-up');
  private readonly kept = new Map<string, Promise<MissedRead>>();
  private forgetting: Stop | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly changes: ChangesService,
  ) {}

  /**
   * Frames in order, with `skip` for revs that hold nothing for the reader. Where long messages are more than one read may
   * have, the last one is `room.stale`: the client pulls the rest.
   */
  async read(missed: Missed): Promise<MissedRead> {
    const { roomId, since, after: from, headRev } = missed;
    const key = `${roomId} ${since} ${from} ${headRev}`;
    const known = this.kept.get(key);
    if (known) return known;
    const made = this.make(missed);
    if (this.kept.size < KEPT) this.keep(key, made);
    return made;
  }

  onModuleDestroy(): void {
    this.forgetting?.();
  }

  private async make({ roomId, since, after: from, headRev }: Missed): Promise<MissedRead> {
    const stretch = { roomId, after: from, before: headRev + 1 };
    const { changes, toRev, lastRev } = await this.changes.read(this.system, stretch, this.config.limits.changesGap);
    const isAhead = lastRev > headRev || changes.some(({ event }) => event === 'room.updated');
    const frames = inRuns(framesOf(changes, { roomId, since, headRev: toRev }));
    return { frames: toRev < headRev ? [...frames, staleFrame(roomId, headRev)] : frames, isAhead };
  }

  private keep(key: string, made: Promise<MissedRead>): void {
    this.kept.set(key, made);
    this.forgetting ??= after(KEPT_MS, 'realtime.forgetMissed', () => this.forgetAll());
    const drop = () => void this.kept.delete(key);
    made.then(({ frames }) => (bytesOf(frames) > KEPT_BYTES ? drop() : undefined), drop);
  }

  private forgetAll(): void {
    this.forgetting = null;
    this.kept.clear();
  }
}

function framesOf(
  changes: readonly RoomChange[],
  { roomId, since, headRev }: Pick<Missed, 'roomId' | 'since' | 'headRev'>,
): Frame[] {
  const frames: Frame[] = [];
  let rev = since;
  for (const change of changes) {
    if (change.rev > rev + 1) frames.push(skipFrame(roomId, { fromRev: rev + 1, rev: change.rev - 1 }));
    frames.push(
      frameOf(toLine(roomId, change).text, { kind: 'durable', roomId, rev: change.rev, about: change.about }),
    );
    rev = change.rev;
  }
  if (rev < headRev) frames.push(skipFrame(roomId, { fromRev: rev + 1, rev: headRev }));
  return frames;
}

function inRuns(frames: readonly Frame[]): Frame[] {
  const runs: Frame[][] = [];
  let bytes = Infinity;
  for (const frame of frames) {
    bytes += frame.bytes.length;
    if (bytes <= RUN_BYTES) runs.at(-1)?.push(frame);
    else runs.push([frame]);
    if (bytes > RUN_BYTES) bytes = frame.bytes.length;
  }
  return runs.map(runOf);
}

const bytesOf = (frames: readonly Frame[]): number => frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
