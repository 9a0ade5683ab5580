import type { Frame } from './frame.js';

interface Gate {
  /** Frames that wait; null once the gate has opened. */
  held: Frame[] | null;
  /** Frames at or below this rev are known to the client already. */
  above: number;
}

/**
 * Joining without a hole: between listening to a room and knowing where it stands, frames are held; then those above
 * the head go out, in order. The user's own feed is the room ''.
 */
export class Intake {
  private readonly gates = new Map<string, Gate>();

  constructor(private readonly pass: (frame: Frame) => void) {}

  /** Holds the room's frames back. */
  hold(roomId: string): void {
    this.gates.set(roomId, { held: [], above: Infinity });
  }

  /** Lets frames above `rev` through, the held ones first. A feed that is behind may still bring older ones. */
  release(roomId: string, rev: number): void {
    const held = this.gates.get(roomId)?.held ?? [];
    this.gates.set(roomId, { held: null, above: rev });
    for (const frame of held) this.deliver(frame);
  }

  /** Whether the room's frames wait: it is not known yet whether they are his. */
  holds(roomId: string): boolean {
    return (this.gates.get(roomId)?.held ?? null) !== null;
  }

  /** Forgets the room and what was held. */
  drop(roomId: string): void {
    this.gates.delete(roomId);
  }

  deliver(frame: Frame): void {
    // Often: a room's gate goes with the first frame behind its joining.
    if (this.gates.size === 0) return this.pass(frame);
    const gate = frame.kind === 'ephemeral' ? undefined : this.gates.get(frame.roomId);
    if (gate) this.deliverThrough(gate, frame);
    else this.pass(frame);
  }

  private deliverThrough(gate: Gate, frame: Frame): void {
    if (frame.parts) return frame.parts.forEach((part) => this.deliver(part));
    if (gate.held) return void gate.held.push(frame);
    if (frame.rev <= gate.above) return;
    // Revs only rise from here on, so the gate has done its work.
    this.gates.delete(frame.roomId);
    this.pass(frame);
  }
}
