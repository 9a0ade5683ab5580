import type { Ack, Attempt, History } from './history.js';
import type { Store, StoredMember, StoredMessage, StoredRoom } from './store.js';

/** A time without membership for certain: from the answer to a removal until somebody asked to add him again. */
export interface Absence {
  readonly userId: string;
  readonly roomId: string;
  readonly from: number;
  readonly to: number;
}

/** An attempt that was acked. */
export interface AckedAttempt extends Attempt {
  readonly endedAt: number;
  readonly outcome: Ack;
}

/** What a rule looks at: the history, the rows at the end, and both in the orders that keep rules O(n log n). */
export class Evidence {
  readonly room: ReadonlyMap<string, StoredRoom>;
  readonly member: ReadonlyMap<string, StoredMember>;
  /** Rows of each room, ascending by rev. */
  readonly log: ReadonlyMap<string, readonly StoredMessage[]>;
  readonly rows: ReadonlyMap<string, readonly StoredMessage[]>;
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
  readonly attemptsIn: ReadonlyMap<string, readonly Attempt[]>;
  readonly absences: ReadonlyMap<string, readonly Absence[]>;

  constructor(
    readonly history: History,
    readonly store: Store,
  ) {
    this.room = new Map(store.rooms.map((room) => [room.id, room]));
    this.member = new Map(store.members.map((member) => [placeOf(member), member]));
    this.log = groupBy(store.messages, (row) => row.roomId);
    this.rows = groupBy(store.messages, (row) => row.id);
    this.attempts = groupBy(history.attempts, (attempt) => attempt.id);
    this.attemptsIn = groupBy(history.attempts, (attempt) => attempt.roomId);
    this.absences = absencesOf(history);
  }

  get acked(): AckedAttempt[] {
    return this.history.attempts.filter(isAcked);
  }

  /** When the first attempt of this message began; null where nobody sent it. */
  sentAt(id: string): number | null {
    return this.attempts.get(id)?.[0].at ?? null;
  }

  /** The absence in which the time lies. */
  absenceAt(userId: string, roomId: string, at: number): Absence | undefined {
    return this.absences.get(placeOf({ userId, roomId }))?.find(({ from, to }) => at > from && at < to);
  }

  /** Whether the user was a member of the room from the beginning to the end. */
  wasAlwaysMember(userId: string, roomId: string): boolean {
    return !this.history.moves.some((move) => move.userId === userId && move.roomId === roomId);
  }
}

export const placeOf = ({ userId, roomId }: { readonly userId: string; readonly roomId: string }): string =>
  `${roomId}:${userId}`;

export const isAcked = (attempt: Attempt): attempt is AckedAttempt => attempt.outcome?.kind === 'acked';

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function absencesOf(history: History): Map<string, Absence[]> {
  const absences: Absence[] = [];
  for (const moves of groupBy(history.moves, placeOf).values()) {
    moves.forEach((move, i) => {
      if (move.kind !== 'removed' || move.endedAt === null) return;
      const next = moves.slice(i + 1).find(({ kind }) => kind === 'added');
      absences.push({ userId: move.userId, roomId: move.roomId, from: move.endedAt, to: next?.at ?? Infinity });
    });
  }
  return groupBy(absences, placeOf);
}
