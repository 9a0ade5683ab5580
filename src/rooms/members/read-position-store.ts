import { Injectable } from '@nestjs/common';

/** A position that is known here and not stored yet. */
export interface OwnSend {
  readonly roomId: string;
  readonly userId: string;
  readonly seq: number;
}

/**
 * Who writes has read up to his own message. That holds at once, in memory; `messages/read-marks.service.ts` stores it
 * within a second, since a row a message would cost the message path a tenth of its time (measured).
 */
@Injectable()
export class ReadPositions {
  private readonly waiting = new Map<string, OwnSend>();

  /** Says that the user wrote the message `seq`. */
  noteOwnSend(send: OwnSend): void {
    const key = keyOf(send.roomId, send.userId);
    const known = this.waiting.get(key);
    if (!known || known.seq < send.seq) this.waiting.set(key, send);
  }

  /** How far a member has read: the stored mark, or his own newest message where that is further. */
  readSeqOf(member: { readonly roomId: string; readonly userId: string; readonly readSeq: number }): number {
    const own = this.waiting.get(keyOf(member.roomId, member.userId));
    return Math.max(Number(member.readSeq), own?.seq ?? 0);
  }

  /** Forgets what is stored now, unless a newer message came meanwhile. */
  forget(stored: readonly OwnSend[]): void {
    for (const { roomId, userId, seq } of stored) {
      const key = keyOf(roomId, userId);
      if ((this.waiting.get(key)?.seq ?? Infinity) <= seq) this.waiting.delete(key);
    }
  }

  /** What is not stored yet. */
  list(): OwnSend[] {
    return [...this.waiting.values()];
  }
}

const keyOf = (roomId: string, userId: string): string => `${roomId}:${userId}`;
