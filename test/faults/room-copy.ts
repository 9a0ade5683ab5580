import type { Frame } from '../support/socket.js';
import { type SeenMessage, textOf } from './history.js';

/** A page of `room.changes`. */
export interface Changes {
  readonly items: readonly Pick<Frame, 'event' | 'data' | 'rev'>[];
  readonly toRev: number;
  readonly more: boolean;
  readonly reset: boolean;
}

/** What a device holds of one room, kept as the protocol says. */
export class RoomCopy {
  readonly ids = new Set<string>();
  private readonly early = new Map<number, Frame>();
  /** The present pull, so that there is one at a time. */
  pulling: Promise<void> | null = null;

  constructor(
    public rev: number,
    private readonly onRepeat: (id: string) => void,
    /** It has everything above this rev. */
    public from = rev,
  ) {}

  /** Takes a durable frame or a skip; returns false when something before it is missing. */
  take(frame: Frame): boolean {
    const first = frame.event === 'skip' ? Number(frame.fromRev) : Number(frame.rev);
    if (Number(frame.rev) <= this.rev) return true;
    this.early.set(first, frame);
    this.advance();
    return this.early.size === 0;
  }

  /** Takes a page of changes. */
  apply(changes: Changes): void {
    if (changes.reset) {
      this.ids.clear();
      this.from = Number(changes.items[0]?.rev ?? changes.toRev + 1) - 1;
      this.rev = this.from;
    }
    for (const item of changes.items) if (Number(item.rev) > this.rev) this.show(item);
    this.rev = Math.max(this.rev, changes.toRev);
    for (const [first, frame] of this.early) if (Number(frame.rev) <= this.rev) this.early.delete(first);
    this.advance();
  }

  private advance(): void {
    for (let frame = this.early.get(this.rev + 1); frame; frame = this.early.get(this.rev + 1)) {
      this.early.delete(this.rev + 1);
      if (frame.event !== 'skip') this.show(frame);
      this.rev = Number(frame.rev);
    }
  }

  private show({ event, data }: Pick<Frame, 'event' | 'data'>): void {
    if (event !== 'message.created') return;
    if (this.ids.has(data.id as string)) this.onRepeat(data.id as string);
    this.ids.add(data.id as string);
  }
}

/** The message of a durable frame or an item: the notice of a change of members, else the message itself. */
export function messageOf({ event, data }: Pick<Frame, 'event' | 'data'>): SeenMessage | null {
  if (event === 'skip') return null;
  return toSeen(event === 'message.created' ? data : data.notice);
}

export function toSeen(message: Record<string, any>): SeenMessage {
  const { id, rev, seq, senderId, text } = message;
  return { id, rev, seq: seq ?? null, senderId: senderId ?? null, text: textOf((text as string | undefined) ?? null) };
}
