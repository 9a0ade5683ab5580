import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import type { Tx } from '../../database/tx.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import type { MessageChangeEvent } from '../../protocol/events.js';
import { ROOM_RULES, type RoomRule, refuseOutsider, toError } from '../../rooms/action-access.js';
import { RoomRosters, type RosterMember } from '../../rooms/members/roster-store.js';
import { Message } from '../../rooms/message.entity.js';
import { toMessageView } from '../../rooms/message.view.js';
import type { RoomHead } from '../../rooms/room-head.js';
import { RoomLog } from '../../rooms/room-log.js';
import { MessageAccess, type MessageTarget } from '../message-access.js';
import { ReplyPreviews } from '../reply-previews.js';

/** A message in its locked room, with the caller as a member who may do what he asks for. */
export interface MessageEdit {
  readonly tx: Tx;
  readonly head: RoomHead;
  readonly member: RosterMember;
  readonly message: Message;
}

/** What is asked for: by whom, of which message, under which rule, and what it is called when it has happened. */
export interface EditScope extends MessageTarget {
  readonly principal: Principal;
  readonly rule: RoomRule;
  readonly event: MessageChangeEvent;
}

/** The rev of a message's last change. */
export interface LastChange {
  readonly rev: number;
}

/** Changes of messages that were sent before: who may, the lock, the next rev and the event are the same for all. */
@Injectable()
export class MessageEdits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly seen: MessageAccess,
    private readonly rosters: RoomRosters,
    private readonly log: RoomLog,
    private readonly previews: ReplyPreviews,
  ) {}

  /**
   * Locks the room of the message, runs `work` and stores the message as it says. After the commit every member who may
   * see it is told, in the room's order. Where nothing changes, nothing is told and no rev is taken.
   *
   * @param work returns the message as it is to be, or the very one that it got; may run more than once
   * @throws ChatError `NOT_FOUND` for what the caller may not see, what the rule refuses with, and what `work` throws
   */
  async run(scope: EditScope, work: (edit: MessageEdit) => Promise<Message>): Promise<LastChange> {
    const { principal, rule, event } = scope;
    const { roomId, rev } = (await this.seen.requireSeen(principal, scope)).message;
    return this.uow.run(async (tx) => {
      const head = await this.log.lockOne(tx, roomId);
      const member = await this.requireMember(tx, head, { userId: principal.userId, rule });
      const message = await tx.manager.findOneByOrFail(Message, { roomId, rev });
      const after = await work({ tx, head, member, message });
      if (after === message) return { rev: message.lastRev };
      const previews = await this.previews.forEverybody([after], tx);
      this.log.changeMessage(head, after, { event, dataOf: (changed) => toMessageView(changed, previews.of(changed)) });
      await this.log.save(tx, [head]);
      return { rev: head.headRev };
    });
  }

  /** The caller as he stands in the locked room, where its rule lets him. */
  private async requireMember(
    tx: Tx,
    head: RoomHead,
    { userId, rule }: { readonly userId: string; readonly rule: RoomRule },
  ): Promise<RosterMember> {
    const member = (await this.rosters.membersOf(tx, head, [userId])).get(userId) ?? null;
    const refusal = ROOM_RULES[rule](head, member, head.at);
    if (refusal || !member) throw toError(refusal ?? refuseOutsider(head), head.at);
    return member;
  }
}
