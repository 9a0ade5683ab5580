import { Injectable } from '@nestjs/common';
import { toTimeOrNull } from '../../common/clock.js';
import type { Principal } from '../../access/principal.js';
import { insertRows } from '../../database/sql.js';
import { FriendsAccess } from '../../friends/friends-access.js';
import type { MemberRole } from '../../protocol/views.js';
import type { GoneReason, RoomEdit } from '../room-edits.js';
import type { RoomHead } from '../room-head.js';
import { RoomLog } from '../room-log.js';
import { keepMute, takeMutes } from './kept-mutes.js';
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
  constructor(
    private readonly log: RoomLog,
    private readonly friends: FriendsAccess,
  ) {}

  /**
   * Makes the users members by somebody's doing, as `add` does. Throws `BLOCKED` or `CONTACT_CLOSED` where one of them
   * does not want to be added by him.
   */
  async addBy(principal: Principal, edit: RoomEdit, users: readonly RoleOf[]): Promise<RoomMember[]> {
    const ids = users.map(({ userId }) => userId);
    if (!principal.isSystem) await this.friends.requireContact(edit.tx, principal.userId, ids);
    return this.add(edit, users, principal.byId);
  }

  /**
   * Makes the users members, each with a `member.joined` notice. None of them may be one already. Who left while he was
   * muted is so for the rest of it.
   */
  async add(edit: RoomEdit, users: readonly RoleOf[], byId: string | null): Promise<RoomMember[]> {
    const ids = users.map(({ userId }) => userId);
    const mutes = await takeMutes(edit, ids);
    const members = users.map(({ userId, role }) => {
      const notice = this.log.addMemberNotice(edit.head, { type: 'member.joined', userId, byId, role });
      const member = newMember(edit.head, { userId, role, joinedRev: notice.rev });
      return { ...member, mutedUntil: mutes.get(userId) ?? null };
    });
    await insertMembers(edit, members);
    return members;
  }

  /** Gives a member another role, with a `member.updated` notice. */
  async changeRole(edit: RoomEdit, { userId, role }: RoleOf, byId: string | null): Promise<void> {
    await this.change(edit, { userId, role }, byId);
  }

  /** Sets a member's role and, where it is told, his mute, with one `member.updated` notice that says both. */
  async change(
    edit: RoomEdit,
    { userId, role, mutedUntil }: RoleOf & { mutedUntil?: number | null },
    byId: string | null,
  ): Promise<void> {
    const mutes = mutedUntil !== undefined;
    await edit.tx.manager.update(
      RoomMember,
      { roomId: edit.head.id, userId },
      { role, ...(mutes ? { mutedUntil } : {}) },
    );
    const more = mutes ? { mutedUntil: toTimeOrNull(mutedUntil) } : {};
    this.log.addMemberNotice(edit.head, { type: 'member.updated', userId, byId, role, more });
  }

  /** Ends a membership, with a `member.left` or `member.removed` notice; the latter's payload says the reason. */
  async remove(edit: RoomEdit, userId: string, why: { byId: string | null; reason: GoneReason }): Promise<void> {
    const { tx, head, gone } = edit;
    const { byId, reason } = why;
    await keepMute(edit, userId);
    await tx.manager.delete(RoomMember, { roomId: head.id, userId });
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

/** A new member's row: everything up to now counts as read, and what he sees of it is what the room's settings say. */
export function newMember(head: RoomHead, { userId, role, joinedRev }: RoleOf & { joinedRev: number }): RoomMember {
  const hides = head.settings.history === 'joining';
  return {
    roomId: head.id,
    userId,
    role,
    joinedRev,
    joinedAt: head.at,
    visibleFromRev: hides ? joinedRev : 0,
    hiddenSeq: hides ? head.headSeq : null,
    readSeq: head.headSeq,
    readVersion: 0,
    deliveredSeq: null,
    shownReadSeq: null,
    notify: 'all',
    mutedUntil: null,
    silentUntil: null,
    alias: null,
  };
}
