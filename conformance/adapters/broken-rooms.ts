import type { MessageReacted } from '../../src/protocol/events.js';
import type { ServerFrame } from '../../src/protocol/frames.js';
import type { MessageView } from '../../src/protocol/views.js';
import { type Changes, SmallRoom } from './small-room.js';

/** Shows what comes, as often as it comes. */
export class TakesDuplicates extends SmallRoom {
  override take(frame: ServerFrame, isMissed: boolean): void {
    if ((frame.rev ?? 0) <= this.lastRev) this.apply(frame, isMissed);
    else super.take(frame, isMissed);
  }

  protected override put(message: MessageView, isMissed: boolean): void {
    const known = this.messages.find(({ id }) => id === message.id);
    if (known?.lastRev !== message.lastRev) return super.put(message, isMissed);
    this.messages = [...this.messages, message];
    this.standing = { ...this.standing, headSeq: this.standing.headSeq + 1 };
  }

  protected override react(event: MessageReacted): void {
    const again = this.messages.find(({ id, lastRev }) => id === event.id && lastRev === event.lastRev);
    if (!again) return super.react(event);
    this.place({ ...again, reactions: again.reactions.map((one) => ({ ...one, count: one.count + 1 })) });
  }
}

/** Goes on behind a hole as if nothing were missing. */
export class IgnoresGaps extends SmallRoom {
  override take(frame: ServerFrame, isMissed: boolean): void {
    super.take(frame.event === 'skip' ? frame : { ...frame, fromRev: this.lastRev + 1 }, isMissed);
  }
}

/** Does not know `skip`. */
export class IgnoresSkips extends SmallRoom {
  override take(frame: ServerFrame, isMissed: boolean): void {
    if (frame.event !== 'skip') super.take(frame, isMissed);
  }
}

/** Keeps its window where it was told to drop it. */
export class KeepsWindow extends SmallRoom {
  override catchUp(changes: Changes): void {
    super.catchUp({ ...changes, reset: false });
  }
}

/** The last to come is right, whatever its `lastRev`. */
export class TakesTheLatest extends SmallRoom {
  override take(frame: ServerFrame, isMissed: boolean): void {
    const isBehindHole = (frame.fromRev ?? frame.rev ?? 0) > this.lastRev + 1;
    if (isBehindHole && frame.event !== 'skip') this.apply(frame, isMissed);
    super.take(frame, isMissed);
  }

  protected override put(message: MessageView, isMissed: boolean): void {
    const known = this.messages.find(({ id }) => id === message.id);
    if (known && message.lastRev <= known.lastRev) return this.place(message);
    super.put(message, isMissed);
  }
}

/** Takes new messages, and not what becomes of those it has. */
export class IgnoresChanges extends SmallRoom {
  protected override put(message: MessageView, isMissed: boolean): void {
    if (!this.messages.some(({ id }) => id === message.id)) super.put(message, isMissed);
  }
}

/** Counts reactions, and forgets whose they are. */
export class ForgetsOwnReactions extends SmallRoom {
  protected override place(message: MessageView): void {
    super.place({ ...message, reactions: message.reactions.map((one) => ({ ...one, mine: false })) });
  }
}

/** Takes any mark that is higher, and none that is lower. */
export class IgnoresReadVersions extends SmallRoom {
  override mark(read: Parameters<SmallRoom['mark']>[0]): void {
    super.mark({ ...read, readVersion: this.readVersion });
  }
}

/** Counts whatever is new. */
export class CountsItsOwn extends SmallRoom {
  protected override count(message: MessageView): void {
    super.count({ ...message, senderId: null });
  }
}

/** Counts mentions of its user by name alone. */
export class IgnoresAll extends SmallRoom {
  protected override count(message: MessageView): void {
    super.count({ ...message, mentions: message.mentions.filter((who) => who !== 'all') });
  }
}

/** Pulls, and takes the first page for all. */
export class TakesOnePage extends SmallRoom {
  override catchUp(changes: Changes): void {
    super.catchUp({ ...changes, toRev: changes.headRev });
  }
}

/** Counts whatever is new, notices too. */
export class CountsNotices extends SmallRoom {
  protected override count(message: MessageView): void {
    super.count(message.seq === null ? { ...message, seq: this.headSeq + 1 } : message);
  }
}
