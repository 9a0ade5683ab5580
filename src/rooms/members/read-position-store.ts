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
  /** By user and room: a key made of both would be a new text with every send. */
  private readonly waiting = new Map<string, Map<string, OwnSend>>();

  /** Says that the user wrote the message `seq`. */
  noteOwnSend(send: OwnSend): void {
    const ofUser = this.waiting.get(send.userId) ?? new Map<string, OwnSend>();
    if (ofUser.size === 0) this.waiting.set(send.userId, ofUser);
    const known = ofUser.get(send.roomId);
    if (!known || known.seq < send.seq) ofUser.set(send.roomId, send);
  }

  /** How far a member has read: the stored mark, or his own newest message where that is further. */
  readSeqOf(member: { readonly roomId: string; readonly userId: string; readonly readSeq: number }): number {
    const own = this.waiting.get(member.userId)?.get(member.roomId);
    return Math.max(Number(member.readSeq), own?.seq ?? 0);
  }

  /** Forgets what is stored now, unless a newer message came meanwhile. */
  forget(stored: readonly OwnSend[]): void {
    for (const { roomId, userId, seq } of stored) {
      const ofUser = this.waiting.get(userId);
      if ((ofUser?.get(roomId)?.seq ?? Infinity) <= seq) ofUser?.delete(roomId);
      if (ofUser?.size === 0) this.waiting.delete(userId);
    }
  }

  /** What is not stored yet. */
  list(): OwnSend[] {
    return [...this.waiting.values()].flatMap((ofUser) => [...ofUser.values()]);
  }
}
