import type { ServerFrame } from '../../src/protocol/frames.js';
import { SmallClient } from './small-client.js';
import type { SmallRoom, Standing } from './small-room.js';

/** Waits for the live frames to bring what is missing. */
export class IgnoresStale extends SmallClient {
  protected override receive(frame: ServerFrame): void {
    if (frame.event !== 'room.stale') super.receive(frame);
  }
}

export class IgnoresUserStale extends SmallClient {
  protected override stale(): void {
    // Nothing: that is the fault.
  }
}

/** Takes private events as they come. */
export class IgnoresPrivateGaps extends SmallClient {
  protected override takePrivate(frame: ServerFrame, userRev: number): void {
    this.userRev = Math.max(userRev, this.userRev ?? 0);
    this.applyPrivate(frame);
  }
}

/** Knows the private events that it shows, and takes the others for holes. */
export class IgnoresUserSkip extends SmallClient {
  protected override takePrivate(frame: ServerFrame, userRev: number): void {
    if (frame.event !== 'user.skip') super.takePrivate(frame, userRev);
  }
}

/** Goes on with what it has on another database. */
export class KeepsItsEpoch extends SmallClient {
  protected override startOver(room: SmallRoom, standing: Standing): void {
    room.stand(standing);
  }
}

/** Comes back as if it had never been there. */
export class ForgetsItsCursor extends SmallClient {
  protected override position(limits: Readonly<Record<string, number>>): Record<string, unknown> {
    return { open: super.position(limits)['open'] };
  }
}

/** Thinks that what it had to say first is all there is to catch up. */
export class ForgetsClosedRooms extends SmallClient {
  protected override caughtUp(): void {
    for (const roomId of this.opened) this.pull(roomId);
  }
}

/** Shows rooms until it is told that they are gone. */
export class KeepsRooms extends SmallClient {
  protected override keepOnly(): void {
    // Nothing: that is the fault.
  }
}

/** Keeps a room's copy for the next time. */
export class KeepsCopies extends SmallClient {
  readonly #left = new Map<string, SmallRoom>();

  protected override applyPrivate(frame: ServerFrame): void {
    const { roomId = '', id = '' } = frame.data as { roomId?: string; id?: string };
    const [known, left] = [this.rooms.get(roomId), this.#left.get(id)];
    if (frame.event === 'room.gone' && known) this.#left.set(roomId, known);
    if (frame.event === 'room.added' && left) this.rooms.set(id, left);
    super.applyPrivate(frame);
  }
}

export class IgnoresLimits extends SmallClient {
  protected override position(): Record<string, unknown> {
    return super.position({});
  }
}

/** Takes every frame for one of the room that it knew first. */
export class MixesRooms extends SmallClient {
  protected override receive(frame: ServerFrame): void {
    const [first] = this.rooms.keys();
    super.receive(frame.roomId === undefined ? frame : { ...frame, roomId: first });
  }
}

/** Marks as read whatever another device has done meanwhile. */
export class ReadsWithoutVersion extends SmallClient {
  override read(roomId: string): void {
    const readSeq = this.rooms.get(roomId)?.headSeq;
    this.link.ask('room.read', { roomId, readSeq }, ({ ack }) => this.rooms.get(roomId)?.mark(ack as Standing));
  }
}

/** Keeps what it was told to let go of until it starts anew. */
export class IgnoresGone extends SmallClient {
  protected override applyPrivate(frame: ServerFrame): void {
    if (frame.event !== 'room.gone') super.applyPrivate(frame);
  }
}

/** Asks whenever it is told to, although it has everything. */
export class AsksForNothing extends SmallClient {
  protected override receive(frame: ServerFrame): void {
    const { event, roomId = '' } = frame;
    super.receive(frame);
    const since = this.rooms.get(roomId)?.lastRev;
    if (event === 'room.stale') this.link.ask('room.changes', { roomId, since }, () => undefined);
  }
}

/** Gives up at the first event that it does not know. */
export class RefusesTheUnknown extends SmallClient {
  protected override receive(frame: ServerFrame): void {
    if (/^(message|room|member|session|read|user|skip|goodbye)\b/.test(frame.event)) super.receive(frame);
    else this.link.stop(4205);
  }
}

/** Loses what is written behind the end. */
export class LosesTheLate extends SmallClient {
  override send(roomId: string, text: string): void {
    if (this.link.state !== 'stopped') super.send(roomId, text);
  }
}

/** Begins to count at its start. */
export class ForgetsMentions extends SmallClient {
  protected override createRoom(standing: Standing): SmallRoom {
    return super.createRoom({ ...standing, mentions: 0 });
  }

  protected override show(view: Parameters<SmallClient['show']>[0]): void {
    super.show({ ...view, mentions: 0 });
  }
}
