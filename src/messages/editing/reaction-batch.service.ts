import { Injectable } from '@nestjs/common';
import { ChatError } from '../../common/chat-error.js';
import { AppConfig } from '../../config/app-config.js';
import { insertRows, placeholders } from '../../database/sql.js';
import type { Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import type { MessageReacted } from '../../protocol/events.js';
import { ROOM_RULES, refuseOutsider, toError } from '../../rooms/action-access.js';
import { RoomRosters, type RosterMember } from '../../rooms/members/roster-store.js';
import { contentOf, toPayload } from '../../rooms/message-content.js';
import { Message } from '../../rooms/message.entity.js';
import type { RoomHead } from '../../rooms/room-head.js';
import { RoomLog } from '../../rooms/room-log.js';
import { ReactionTally, type ReactionWish } from './reaction-tally.js';

/** Changes that an event names; of a crowd, its numbers say enough. */
const NAMED_CHANGES = 50;

/** What became of each wish, in their order: null where it is as wished now. */
export interface ReactionOutcome {
  /** The message's last change. */
  readonly rev: number;
  readonly errors: readonly (ChatError | null)[];
}

/** One transaction for all reactions to a message that wait: one rev, one event. */
@Injectable()
export class ReactionBatch {
  constructor(
    private readonly config: AppConfig,
    private readonly uow: UnitOfWork,
    private readonly log: RoomLog,
    private readonly rosters: RoomRosters,
  ) {}

  /** Carries out the wishes in their order; one that is refused leaves the others as they are. */
  apply(
    place: { readonly roomId: string; readonly rev: number },
    wishes: readonly ReactionWish[],
  ): Promise<ReactionOutcome> {
    return this.uow.run(async (tx) => {
      const head = await this.log.lockOne(tx, place.roomId);
      const message = await tx.manager.findOneByOrFail(Message, place);
      const userIds = [...new Set(wishes.map(({ userId }) => userId))];
      const members = await this.rosters.membersOf(tx, head, userIds);
      const tally = await this.tallyOf(tx, message, userIds);
      const errors = wishes.map((wish) => refusalOf(head, message, members.get(wish.userId)) ?? tally.apply(wish));
      if (tally.changes.length === 0) return { rev: message.lastRev, errors };
      await store(tx, { message, tally, at: head.at });
      const after = { ...message, payload: toPayload({ ...contentOf(message), reactions: tally.counts }) };
      this.log.changeMessage(head, after, { event: 'message.reacted', dataOf: (changed) => toEvent(changed, tally) });
      await this.log.save(tx, [head]);
      return { rev: head.headRev, errors };
    });
  }

  private async tallyOf(tx: Tx, message: Message, userIds: readonly string[]): Promise<ReactionTally> {
    const own = await tx.query<{ userId: string; emoji: string }>(
      `SELECT userId, emoji FROM reactions WHERE messageId = ? AND userId IN (${placeholders(userIds)})`,
      [message.id, ...userIds],
    );
    return new ReactionTally(contentOf(message).reactions ?? [], own, this.config.limits.reactionKinds);
  }
}

function refusalOf(head: RoomHead, message: Message, member: RosterMember | undefined): ChatError | null {
  if (!member) return toError(refuseOutsider(head), head.at);
  const refusal = ROOM_RULES['message.react'](head, member, head.at);
  if (refusal) return toError(refusal, head.at);
  return message.deletedAt === null ? null : new ChatError('GONE');
}

async function store(
  tx: Tx,
  {
    message: { id: messageId },
    tally,
    at,
  }: { readonly message: Message; readonly tally: ReactionTally; readonly at: number },
): Promise<void> {
  for (const { userId, emoji } of tally.removed) {
    await tx.execute('DELETE FROM reactions WHERE messageId = ? AND userId = ? AND emoji = ?', [
      messageId,
      userId,
      emoji,
    ]);
  }
  await insertRows(
    tx,
    'reactions',
    tally.added.map(({ userId, emoji }) => ({ messageId, userId, emoji, createdAt: at })),
  );
}

function toEvent({ id, lastRev }: Message, { changes, counts }: ReactionTally): MessageReacted {
  const last = changes[changes.length - 1];
  return { id, ...last, reactions: counts, changes: changes.slice(-NAMED_CHANGES), lastRev };
}
