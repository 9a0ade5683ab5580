import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { decodeCursor, encodeCursor, toPage } from '../../common/page-cursor.js';
import { READS } from '../../database/data-source.js';
import type { MemberRole, MemberView, Page } from '../../protocol/views.js';
import { UsersService } from '../../users/users.service.js';
import { RoomAccess, requireOpen, requireUnbanned } from '../room-access.js';
import { type RoomEdit, RoomEdits } from '../room-edits.js';
import { canAct, isAbove } from '../room-permissions.js';
import { Room } from '../room.entity.js';
import { MemberMoves } from './member-moves.js';
import { toMemberView } from './member.view.js';
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

/** What members with rights do to the members of group rooms. */
@Injectable()
export class MembersService {
  constructor(
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly users: UsersService,
    @InjectRepository(RoomMember, READS) private readonly members: Repository<RoomMember>,
  ) {}

  /** The members, in the order of their user ids. For members only: throws `NOT_FOUND` or `FORBIDDEN`. */
  async list(principal: Principal, ask: { roomId: string; cursor?: string; limit: number }): Promise<Page<MemberView>> {
    const { roomId, cursor, limit } = ask;
    await this.access.requireMember(principal, roomId);
    const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['ulid']);
    const rows = await this.members.find({
      where: { roomId, userId: MoreThan(after) },
      order: { userId: 'ASC' },
      take: limit + 1,
    });
    const { items, next } = toPage(rows, limit, ({ userId }) => encodeCursor([userId]));
    return { items: await this.toViews(items), next };
  }

  /**
   * Adds the user (`member.joined`; his own connections get `room.added`), or gives a member another role
   * (`member.updated`). Without a difference nothing changes. Adding asks for an admin; roles are the owner's matter.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`, `BANNED`; `CONFLICT` for the owner's own role
   */
  async put(principal: Principal, target: MemberTarget & { role?: MemberRole }): Promise<PutMember> {
    const scope = { roomId: target.roomId, userIds: [target.userId] };
    const { member, added } = await this.edits.run(scope, (edit) => this.putIn(edit, principal, target));
    const [view] = await this.toViews([member]);
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
      requireOpen(head);
      const member = await requireMemberIn(edit, userId);
      if (!isAbove(caller.role, member.role)) throw new ChatError('FORBIDDEN');
      await this.moves.remove(edit, userId, { byId: principal.byId, reason: 'removed' });
    });
  }

  /**
   * Makes another member the owner and the caller an admin, with a `member.updated` notice each. To oneself it changes
   * nothing.
   *
   * @throws ChatError `NOT_FOUND`, `FORBIDDEN`, `ROOM_ARCHIVED`
   */
  async handOver(principal: Principal, { roomId, userId }: MemberTarget): Promise<void> {
    await this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      const { tx, head, active } = edit;
      await this.access.requireIn(tx, head, { principal, action: 'room.handOver' });
      requireOpen(head);
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
    { userId, role }: MemberTarget & { role?: MemberRole },
  ): Promise<{ member: RoomMember; added: boolean }> {
    const { tx, head } = edit;
    const caller = await this.access.requireIn(tx, head, { principal, action: 'member.add' });
    requireOpen(head);
    const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId });
    const changesRole = role !== undefined && role !== (member?.role ?? 'member');
    if (changesRole && !canAct(caller.role, 'role.change')) throw new ChatError('FORBIDDEN');
    if (!member) return { member: await this.add(edit, principal, { userId, role: role ?? 'member' }), added: true };
    if (!changesRole) return { member, added: false };
    if (member.role === 'owner') throw new ChatError('CONFLICT', { detail: 'Hand the room over to change this role.' });
    await this.moves.changeRole(edit, { userId, role }, principal.byId);
    return { member: { ...member, role }, added: false };
  }

  private async add(
    edit: RoomEdit,
    principal: Principal,
    newcomer: { userId: string; role: MemberRole },
  ): Promise<RoomMember> {
    if (!edit.active.has(newcomer.userId)) throw new ChatError('NOT_FOUND');
    await requireUnbanned(edit.tx, edit.head, newcomer.userId);
    const [member] = await this.moves.add(edit, [newcomer], principal.byId);
    return member;
  }

  private async toViews(members: readonly RoomMember[]): Promise<MemberView[]> {
    const users = await this.users.viewsOf(members.map(({ userId }) => userId));
    return members.flatMap((member) => {
      const user = users.get(member.userId);
      return user ? [toMemberView(member, user)] : [];
    });
  }
}

async function requireMemberIn({ tx, head }: RoomEdit, userId: string): Promise<RoomMember> {
  const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId });
  if (!member) throw new ChatError('NOT_FOUND');
  return member;
}
