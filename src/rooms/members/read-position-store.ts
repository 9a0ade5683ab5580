import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';

/** A position that is known here and not stored yet. */
export interface OwnSend {
  readonly roomId: string;
  readonly userId: string;
  readonly seq: number;
}

/** A position that was stored: the mark that it became, in a row of this version. */
export interface StoredSend extends OwnSend {
  readonly readSeq: number;
  readonly readVersion: number;
}

/** A row of a member, as it was read. */
interface ReadRow {
  readonly roomId: string;
  readonly userId: string;
  readonly readSeq: number;
  readonly readVersion: number;
}

/** No statement takes longer: it is given up before (ADR 14). */
const OLD_ROWS_MS = 10_000;

/**
 * Who writes has read up to his own message. That holds at once, in memory; `messages/read-marks.service.ts` stores it
 * within a second, since a row a message would cost the message path a tenth of its time (measured).
 */
@Injectable()
export class ReadPositions {
  /** The seq by user and room: a key made of both would be a new text with every send, and an object each outlives it. */
  private readonly waiting = new Map<string, Map<string, number>>();
  /** What was stored lately, the oldest first: a row that was read before that may still come. */
  private readonly stored = new Map<string, { readonly send: StoredSend; readonly until: number }>();

  constructor(private readonly clock: Clock) {}

  /** Says that the user wrote the message `seq`. */
  noteOwnSend({ roomId, userId, seq }: OwnSend): void {
    const ofUser = this.waiting.get(userId) ?? new Map<string, number>();
    if (ofUser.size === 0) this.waiting.set(userId, ofUser);
    if ((ofUser.get(roomId) ?? 0) < seq) ofUser.set(roomId, seq);
  }

  /**
   * How far a member has read: the row's mark, or his own newest message where that is further. A row of a newer version
   * knows better than what was stored before: the mark was set back behind it.
   */
  readSeqOf(row: ReadRow): number {
    const stored = this.stored.get(keyOf(row))?.send;
    const known = stored && Number(row.readVersion) <= stored.readVersion ? stored.readSeq : 0;
    return Math.max(Number(row.readSeq), this.waitingSeq(row), known);
  }

  /** The member's own newest message, as far as it is remembered here; 0 otherwise. It says nothing of what he read. */
  ownSeqOf(place: Pick<OwnSend, 'roomId' | 'userId'>): number {
    return Math.max(this.waitingSeq(place), this.stored.get(keyOf(place))?.send.seq ?? 0);
  }

  /** Says that these are stored; what came meanwhile still waits. */
  settle(sends: readonly StoredSend[]): void {
    const now = this.clock.now();
    for (const [key, { until }] of this.stored) {
      if (until > now) break;
      this.stored.delete(key);
    }
    for (const send of sends) {
      this.forget(send, send.seq);
      // Behind all others, where it stood there before.
      this.stored.delete(keyOf(send));
      this.stored.set(keyOf(send), { send, until: now + OLD_ROWS_MS });
    }
  }

  /** The mark is set back: what the member wrote until now does not count any more. */
  setBack(send: StoredSend): void {
    this.forget(send, Infinity);
    this.settle([send]);
  }

  private waitingSeq({ roomId, userId }: Pick<OwnSend, 'roomId' | 'userId'>): number {
    return this.waiting.get(userId)?.get(roomId) ?? 0;
  }

  private forget({ roomId, userId }: OwnSend, upTo: number): void {
    const ofUser = this.waiting.get(userId);
    if ((ofUser?.get(roomId) ?? Infinity) <= upTo) ofUser?.delete(roomId);
    if (ofUser?.size === 0) this.waiting.delete(userId);
  }

  /** What is not stored yet. */
  list(): OwnSend[] {
    return [...this.waiting].flatMap(([userId, ofUser]) =>
      [...ofUser].map(([roomId, seq]) => ({ roomId, userId, seq })),
    );
  }
}

const keyOf = ({ roomId, userId }: Pick<OwnSend, 'roomId' | 'userId'>): string => roomId + userId;
