import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Stop, every } from '../common/timers.js';
import { isAway } from '../database/errors.js';
import { Reads } from '../database/reads.js';
import { ReadPositions } from '../rooms/members/read-position-store.js';
import type { Send, StoredSend } from './send.js';
import { findStored } from './send-batch.js';

const LOOK_EVERY_MS = 1000;
/** Looks that found a database and not the message: a server that hung may carry out late what it had received. */
const LOOKS = 10;

interface Doubtful {
  readonly send: Send;
  looksLeft: number;
}

/**
 * Sends of flushes that ended in doubt (`TIMEOUT`). One that turns out to be stored is its sender's own message, and so
 * read by him, although nobody was there to say so when it was committed (found by the history checker: after `kill -9`
 * of the database people were told that their own messages were unread).
 */
@Injectable()
export class DoubtfulSends implements OnModuleDestroy {
  private readonly waiting = new Map<string, Doubtful>();
  private readonly stop: Stop;

  constructor(
    private readonly reads: Reads,
    private readonly positions: ReadPositions,
  ) {
    this.stop = every(LOOK_EVERY_MS, 'messages.doubtfulSends', () => this.look());
  }

  add(sends: readonly Send[]): void {
    for (const send of sends) this.waiting.set(send.command.id, { send, looksLeft: LOOKS });
  }

  /** A message was found under an id that may be in doubt. */
  confirm({ id, senderId, seq }: StoredSend): void {
    const send = this.waiting.get(id)?.send;
    if (!send || send.userId !== senderId) return;
    this.waiting.delete(id);
    this.positions.noteOwnSend({ roomId: send.command.roomId, userId: send.userId, seq: Number(seq) });
  }

  onModuleDestroy(): void {
    this.stop();
  }

  private async look(): Promise<void> {
    const asked = [...this.waiting.values()];
    const sends = asked.map(({ send }) => send);
    const stored = await findStored(this.reads, sends).catch((error: unknown) => {
      if (isAway(error)) return null;
      throw error;
    });
    if (!stored) return;
    for (const found of stored.values()) this.confirm(found);
    for (const doubtful of asked) {
      if (--doubtful.looksLeft === 0) this.waiting.delete(doubtful.send.command.id);
    }
  }
}
