import { createHash } from 'node:crypto';

/** One send of one message id, over either transport; a retry is another attempt of the same id. */
export interface Attempt {
  readonly userId: string;
  readonly roomId: string;
  readonly id: string;
  readonly text: string;
  readonly at: number;
  /** When the answer came; null where none did. */
  endedAt: number | null;
  /** Null: unknown, since the connection or the answer was lost. */
  outcome: Ack | Refusal | null;
}

export interface Ack {
  readonly kind: 'acked';
  readonly seq: number;
  readonly rev: number;
  readonly duplicate: boolean;
}

export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
}

/** A message as anybody got to see it. */
export interface SeenMessage {
  readonly id: string;
  readonly rev: number;
  /** Null of notices. */
  readonly seq: number | null;
  readonly senderId: string | null;
  readonly text: string | null;
}

/** What a connection of a device was told of a room, in order. */
export interface Told {
  readonly device: Device;
  readonly connection: number;
  readonly roomId: string;
  readonly at: number;
  /**
   * `begin`: live frames follow above `rev`. `frame`: a durable frame. `skip`: revs up to `rev` hold nothing. `pulled`:
   * an item of `room.changes`. `gone`: no frame may follow.
   */
  readonly kind: 'begin' | 'frame' | 'skip' | 'pulled' | 'gone';
  readonly rev: number;
  readonly message: SeenMessage | null;
}

export interface Device {
  readonly name: string;
  readonly userId: string;
}

/** A message that the device shows although it does already. */
export interface Repeat {
  readonly device: Device;
  readonly roomId: string;
  readonly id: string;
}

/** What a device holds of a room at the end. */
export interface Copy {
  readonly device: Device;
  readonly roomId: string;
  /** It has everything above this rev, */
  readonly from: number;
  /** up to this one. */
  readonly rev: number;
  readonly ids: ReadonlySet<string>;
}

/** A look at a room's newest messages, or at what changed: answered, or refused. */
export interface Look {
  readonly userId: string;
  readonly roomId: string;
  readonly at: number;
  readonly endedAt: number;
  /** Null: refused. */
  readonly items: readonly SeenMessage[] | null;
}

/** A removal or an adding of a member that was answered, or null where the answer was lost. */
export interface Move {
  readonly kind: 'removed' | 'added';
  readonly userId: string;
  readonly roomId: string;
  readonly at: number;
  endedAt: number | null;
}

/** A read mark that was answered. */
export interface Mark {
  readonly userId: string;
  readonly roomId: string;
  readonly asked: number;
  readonly at: number;
  endedAt: number | null;
  /** The mark in force, as the answer says. */
  readSeq: number | null;
}

/** An unread count that a user was told. */
export interface Count {
  readonly userId: string;
  readonly roomId: string;
  readonly at: number;
  readonly endedAt: number;
  readonly unread: number;
}

/** A text as the history keeps it: a long one by its hash, since every device gets to see it. */
export const textOf = (text: string | null): string | null =>
  text !== null && text.length > 100 ? createHash('sha256').update(text).digest('base64') : text;

/** Everything that happened, told by the one driver that did it all. */
export class History {
  readonly attempts: Attempt[] = [];
  readonly told: Told[] = [];
  readonly repeats: Repeat[] = [];
  readonly copies: Copy[] = [];
  readonly looks: Look[] = [];
  readonly moves: Move[] = [];
  readonly marks: Mark[] = [];
  readonly counts: Count[] = [];
  private ticks = 0;

  /**
   * The one clock: a number that rises with every look. All clients live in one thread, so an event with a lower number
   * has happened before one with a higher.
   */
  now(): number {
    return ++this.ticks;
  }
}
