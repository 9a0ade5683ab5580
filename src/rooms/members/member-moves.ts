import { Injectable } from '@nestjs/common';
import { insertRows } from '../../database/sql.js';
import type { MemberRole } from '../../protocol/views.js';
import type { GoneReason, RoomEdit } from '../room-edits.js';
import type { RoomHead } from '../room-head.js';
import { RoomLog } from '../room-log.js';
import { RoomMember } from './room-member.entity.js';

/** A user with the role that he is to have. */
export interface RoleOf {
  readonly userId: string;
  readonly role: MemberRole;
}

/**
 * Writes what becomes of members in a locked room: the row, the number of members and the notice always go together.
 * Who may do it is checked before, under the same lock.
 */
@Injectable()
export class MemberMoves {
  constructor(private readonly log: RoomLog) {}

  /** Makes the users members, each with a `member.joined` notice. None of them may be one already. */
  async add(edit: RoomEdit, users: readonly RoleOf[], byId: string | null): Promise<RoomMember[]> {
    const members = users.map(({ userId, role }) => {
      const notice = this.log.addMemberNotice(edit.head, { type: 'member.joined', userId, byId, role });
      return newMember(edit.head, { userId, role, joinedRev: notice.rev });
    });
    await insertMembers(edit, members);
    edit.head.memberCount += members.length;
    return members;
  }

  /** Gives a member another role, with a `member.updated` notice. */
  async changeRole(edit: RoomEdit, { userId, role }: RoleOf, byId: string | null): Promise<void> {
    await edit.tx.manager.update(RoomMember, { roomId: edit.head.id, userId }, { role });
    this.log.addMemberNotice(edit.head, { type: 'member.updated', userId, byId, role });
  }

  /** Ends a membership, with a `member.left` or `member.removed` notice; the latter's payload says the reason. */
  async remove(edit: RoomEdit, userId: string, why: { byId: string | null; reason: GoneReason }): Promise<void> {
    const { tx, head, gone } = edit;
    const { byId, reason } = why;
    await tx.manager.delete(RoomMember, { roomId: head.id, userId });
    head.memberCount--;
    const left = reason === 'left';
    const type = left ? 'member.left' : 'member.removed';
    this.log.addMemberNotice(head, { type, userId, byId, role: null, more: left ? {} : { reason } });
    gone.push({ userId, reason });
  }
}

/** Stores new members, without a notice and without counting them. */
export async function insertMembers({ tx, added }: RoomEdit, members: readonly RoomMember[]): Promise<void> {
  await insertRows(
    tx,
    'room_members',
    members.map((member) => ({ ...member })),
  );
  added.push(...members.map(({ userId, joinedRev }) => ({ userId, joinedRev })));
}

/** A new member's row: everything up to now counts as read, and the history is open to him from the start. */
export function newMember(head: RoomHead, { userId, role, joinedRev }: RoleOf & { joinedRev: number }): RoomMember {
  return {
    roomId: head.id,
    userId,
    role,
    joinedRev,
    joinedAt: head.at,
    visibleFromRev: 0,
    readSeq: head.headSeq,
    readVersion: 0,
    notify: 'all',
    mutedUntil: null,
    alias: null,
  };
}
