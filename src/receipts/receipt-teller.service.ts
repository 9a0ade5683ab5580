import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Stop, every } from '../common/timers.js';
import { AppConfig } from '../config/app-config.js';
import type { Tx } from '../database/tx.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { ChatEvents } from '../events/chat-events.js';
import { EventHub } from '../events/event-hub.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import { UserRevs } from '../users/user-revs.service.js';
import { type ReceiptRow, ReceiptsQueries, type TellableRow } from './receipts.queries.js';

/** Members in one transaction. */
const BATCH = 200;

/**
 * Tells members what others have received and read: the latest of each, once in `limits.receiptsEveryMs`, stored before
 * it is told. What somebody marks while he has receipts switched off or is invisible stays where it was, then and later:
 * it is seen with the next mark that he sets.
 */
@Injectable()
export class ReceiptTeller implements OnModuleInit, OnModuleDestroy {
  /** Marks of this turn. */
  private readonly fresh: ReceiptRow[] = [];
  private judging: Promise<void> | null = null;
  /** What is to be told next, by room and user. */
  private waiting = new Map<string, ReceiptRow>();
  private stop: Stop = () => undefined;

  constructor(
    private readonly config: AppConfig,
    private readonly hub: EventHub,
    private readonly uow: UnitOfWork,
    private readonly revs: UserRevs,
    private readonly queries: ReceiptsQueries,
    private readonly friends: FriendsQueries,
  ) {}

  onModuleInit(): void {
    this.hub.on('MarkTold', (mark) => this.hear(mark));
    this.stop = every(this.config.limits.receiptsEveryMs, 'receipts.tell', () => this.tellWaiting());
  }

  async onModuleDestroy(): Promise<void> {
    this.stop();
    await this.tellWaiting();
  }

  /** A mark counts as it was set: whether its user shows it is asked at once, for all of a turn together. */
  private async hear({ memberCount, ...mark }: ChatEvents['MarkTold']): Promise<void> {
    if (memberCount > this.config.limits.quietRoomMembers) return;
    this.fresh.push(mark);
    await (this.judging ??= Promise.resolve().then(() => this.judge()));
  }

  private async judge(): Promise<void> {
    const marks = this.fresh.splice(0);
    this.judging = null;
    const showing = await this.queries.showing(marks.map(({ userId }) => userId));
    for (const mark of marks) if (showing.has(mark.userId)) this.wait(mark);
  }

  private wait(mark: ReceiptRow): void {
    const key = mark.roomId + mark.userId;
    this.waiting.set(key, furthest(mark, this.waiting.get(key)));
  }

  private async tellWaiting(): Promise<void> {
    const marks = [...this.waiting.values()];
    this.waiting = new Map();
    for (let i = 0; i < marks.length; i += BATCH) {
      await this.uow
        .run((tx) => this.tell(tx, marks.slice(i, i + BATCH)))
        .catch((error: unknown) => {
          // With the database away the next time tries again.
          for (const mark of marks.slice(i)) this.wait(mark);
          throw error;
        });
    }
  }

  private async tell(tx: Tx, marks: readonly ReceiptRow[]): Promise<void> {
    const userIds = [...new Set(marks.map(({ userId }) => userId))];
    await this.revs.lock(tx, userIds);
    // Behind the lock, which blocking takes, too: nothing is told behind its answer.
    const blocks = await this.friends.blocksOfAll(userIds, tx);
    for (const { roomId, asOf, userId, deliveredSeq, readSeq } of await this.store(tx, marks)) {
      const hidden = blocks.get(userId) ?? [];
      await this.hub.emit(tx, 'ReceiptMoved', { roomId, asOf, hidden, receipt: { userId, deliveredSeq, readSeq } });
    }
  }

  /** Returns the rows of those who have moved and show it. */
  private async store(tx: Tx, marks: readonly ReceiptRow[]): Promise<TellableRow[]> {
    const told = new Map(marks.map((mark) => [mark.roomId + mark.userId, mark]));
    const moved = (await this.queries.findIn(tx, marks)).flatMap((row) => {
      const next = { ...row, ...furthest(row, told.get(row.roomId + row.userId)) };
      return !row.isHidden && isFurther(next, row) ? [next] : [];
    });
    await this.queries.store(tx, moved);
    return moved;
  }
}

/** Marks come in any order, from several devices and nodes. */
const furthest = (mark: ReceiptRow, other: ReceiptRow = mark): ReceiptRow => ({
  roomId: mark.roomId,
  userId: mark.userId,
  deliveredSeq: Math.max(mark.deliveredSeq, other.deliveredSeq),
  readSeq: Math.max(mark.readSeq, other.readSeq),
});

const isFurther = (next: ReceiptRow, row: ReceiptRow): boolean =>
  next.deliveredSeq > row.deliveredSeq || next.readSeq > row.readSeq;
