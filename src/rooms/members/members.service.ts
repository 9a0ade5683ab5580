import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { Clock } from '../../common/clock.js';
import { requireFuture } from '../../common/future.js';
import type { MemberRole, MemberView } from '../../protocol/views.js';
import type { RoomRule } from '../action-access.js';
import { RoomAccess, requireUnbanned } from '../room-access.js';
import { type RoomEdit, RoomEdits, requireActive } from '../room-edits.js';
import { isAbove } from '../room-permissions.js';
import { Room } from '../room.entity.js';
import { MemberMoves } from './member-moves.js';
import { MemberLists } from './member-lists.service.js';
import { mutedUntilOf } from './member.view.js';
import { RoomMember } from './room-member.entity.js';

/** A member after a PUT, and whether he is one only since then. */
export interface PutMember {
  readonly member: MemberView;
  readonly added: boolean;
}

/** One user in one room. */
export interface MemberTarget {
  readonly roomId: string;
  readonly userId: string;
}

/** What is to become of a user in a room; what is left out stays. */
export interface PutMemberAsk extends MemberTarget {
  readonly role?: MemberRole;
  /** RFC 3339; null ends a mute. */
  readonly mutedUntil?: string | null;
}

/** The same, as it is stored. */
type MemberChangeAsk = { userId: string; role?: MemberRole; mutedUntil?: number | null };

/** What members with rights do to the members of group rooms. */
@Injectable()
export class MembersService {
  constructor(
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly lists: MemberLists,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds the user (`member.joined`; his own connections get `room.added`), or gives a member another role or mutes him
   * (`member.updated`). Without a difference nothing changes. Adding and muting ask for an admin; roles are the owner's
   * matter. Once this has returned, nothing that a muted member sends is stored.
   *
   * @throws ChatError `NOT_FOUND`, also for a mute of who is no member; `ROOM_ARCHIVED`, `BANNED`; `BLOCKED` and
   *   `CONTACT_CLOSED` where the user does not want to be added by the caller; `FORBIDDEN`, also for
   *   a mute of who does not stand below the caller; `CONFLICT` for the owner's own role; `VALIDATION_FAILED` for a mute
   *   whose end has passed
   */
  async put(principal: Principal, ask: PutMemberAsk): Promise<PutMember> {
    const { roomId, userId, role } = ask;
    const change = { userId, role, mutedUntil: this.endOf(ask) };
    const scope = { roomId, userIds: [userId] };
    const { member, added } = await this.edits.run(scope, (edit) => this.putIn(edit, principal, change));
    const [view] = await this.lists.toViews([member]);
    return { member: view, added };
  }

  /**
   * Ends a membership (`member.removed`; the user's connections get `room.gone` instead). Once this has returned,
   * nothing sent later in the room reaches him.
   *
   * @throws ChatError `NOT_FOUND`, `ROOM_ARCHIVED`, `FORBIDDEN` also where the user's role is not below the caller's
   */
  async remove(principal: Principal, { roomId, userId }: MemberTarget): Promise<void> {
    await this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      const { tx, head } = edit;
      const caller = await this.access.requireIn(tx, head, { principal, action: 'member.remove' });
      const member = await requireMemberIn(edit, userId);
      if (!isAbove(caller.role, member.role)) throw new ChatError('FORBIDDEN');
      await this.moves.remove(edit, userId, { byId: principal.byId, reason: 'removed' });
    });
  }

  /**
   * Makes another member the owner and the caller an admin, with a `member.updated` notice each. To oneself it changes
   * nothing.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`; `UNAUTHORIZED` where the caller's account has ended
   */
  async handOver(principal: Principal, { roomId, userId }: MemberTarget): Promise<void> {
    await this.edits.run({ roomId, userIds: [principal.userId, userId] }, async (edit) => {
      const { tx, head, active } = edit;
      requireActive(edit, principal.userId);
      await this.access.requireIn(tx, head, { principal, action: 'room.handOver' });
      const member = await requireMemberIn(edit, userId);
      if (!active.has(userId)) throw new ChatError('NOT_FOUND');
      if (member.role === 'owner') return;
      await this.moves.changeRole(edit, { userId: principal.userId, role: 'admin' }, principal.byId);
      await this.moves.changeRole(edit, { userId, role: 'owner' }, principal.byId);
      await tx.manager.update(Room, { id: head.id }, { ownerId: userId });
    });
  }

  private async putIn(
    edit: RoomEdit,
    principal: Principal,
    change: MemberChangeAsk,
  ): Promise<{ member: RoomMember; added: boolean }> {
    const { tx, head } = edit;
    const { userId, role } = change;
    const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId });
    const changesRole = role !== undefined && role !== (member?.role ?? 'member');
    const mutes = change.mutedUntil !== undefined;
    const action: RoomRule = changesRole ? 'role.change' : mutes ? 'member.mute' : 'member.add';
    const caller = await this.access.requireIn(tx, head, { principal, action });
    if (!member && mutes) throw new ChatError('NOT_FOUND');
    if (!member) return { member: await this.add(edit, principal, { userId, role: role ?? 'member' }), added: true };
    if (member.role === 'owner' && changesRole) {
      throw new ChatError('CONFLICT', { detail: 'Hand the room over to change this role.' });
    }
    if (mutes && !isAbove(caller.role, member.role)) throw new ChatError('FORBIDDEN');
    return { member: await this.changeIn(edit, { ...change, member }, principal.byId), added: false };
  }

  /** One notice for all that differs, none where nothing does. */
  private async changeIn(
    edit: RoomEdit,
    { member, role = member.role, mutedUntil }: MemberChangeAsk & { member: RoomMember },
    byId: string | null,
  ): Promise<RoomMember> {
    const mutes = mutedUntil !== undefined && mutedUntil !== mutedUntilOf(member, edit.head.at);
    if (role === member.role && !mutes) return member;
    const { userId } = member;
    await this.moves.change(edit, { userId, role, ...(mutes ? { mutedUntil } : {}) }, byId);
    return { ...member, role, mutedUntil: mutes ? mutedUntil : member.mutedUntil };
  }

  /** Epoch milliseconds; undefined where the mute is to stay as it is. */
  private endOf({ mutedUntil }: PutMemberAsk): number | null | undefined {
    if (mutedUntil === undefined || mutedUntil === null) return mutedUntil;
    return requireFuture('mutedUntil', Date.parse(mutedUntil), this.clock.now());
  }

  private async add(
    edit: RoomEdit,
    principal: Principal,
    newcomer: { userId: string; role: MemberRole },
  ): Promise<RoomMember> {
    if (!edit.active.has(newcomer.userId)) throw new ChatError('NOT_FOUND');
    await requireUnbanned(edit.tx, edit.head, newcomer.userId);
    const [member] = await this.moves.addBy(principal, edit, [newcomer]);
    return member;
  }
}

async function requireMemberIn({ tx, head }: RoomEdit, userId: string): Promise<RoomMember> {
  const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId });
  if (!member) throw new ChatError('NOT_FOUND');
  return member;
}
