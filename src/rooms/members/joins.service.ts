import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import type { MemberRoomView } from '../../protocol/views.js';
import { RoomAccess, requireOpen, requireUnbanned } from '../room-access.js';
import { type RoomEdit, RoomEdits } from '../room-edits.js';
import { RoomSettings } from '../room-settings.js';
import { RoomViews } from '../room-views.service.js';
import { MemberMoves } from './member-moves.js';
import { RoomMember } from './room-member.entity.js';

/** Coming and going of one's own accord. */
@Injectable()
export class JoinsService {
  constructor(
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly settings: RoomSettings,
    private readonly views: RoomViews,
  ) {}

  /**
   * Makes the caller a member of a public room (`member.joined`; his connections get `room.added`). For a member
   * nothing changes.
   *
   * @throws ChatError `NOT_FOUND` also for a private room, `FORBIDDEN` for a direct one, `BANNED`, `ROOM_ARCHIVED`
   */
  async join(principal: Principal, roomId: string): Promise<MemberRoomView> {
    const { userId } = principal;
    await this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      const { tx, head } = edit;
      const isMember = await tx.manager.existsBy(RoomMember, { roomId, userId });
      if (isMember && head.kind === 'direct') throw new ChatError('FORBIDDEN');
      if (isMember) return;
      if (head.visibility === 'private') throw new ChatError('NOT_FOUND');
      await requireUnbanned(tx, head, userId);
      requireOpen(head);
      await this.moves.add(edit, [{ userId, role: 'member' }], principal.byId);
    });
    return this.views.getOfUser(userId, roomId);
  }

  /**
   * Ends the caller's membership (`member.left`; his connections get `room.gone`), in archived rooms too. With its
   * owner, who may go only as the last, the room is archived.
   *
   * @throws ChatError `NOT_FOUND`; `FORBIDDEN` for a direct room and for who is no member; `CONFLICT` for an owner who
   *   would leave others behind
   */
  async leave(principal: Principal, roomId: string): Promise<void> {
    const { userId } = principal;
    await this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      const { tx, head } = edit;
      const { role } = await this.access.requireIn(tx, head, { principal });
      if (head.kind === 'direct') throw new ChatError('FORBIDDEN', { detail: 'A direct room cannot be left.' });
      if (role === 'owner' && head.memberCount > 1) {
        throw new ChatError('CONFLICT', { detail: 'Hand the room over to another member first.' });
      }
      await this.moves.remove(edit, userId, { byId: principal.byId, reason: 'left' });
      if (head.memberCount === 0) await this.closeEmpty(edit);
    });
  }

  private closeEmpty(edit: RoomEdit): Promise<void> {
    const { head } = edit;
    return this.settings.change(edit, null, { archivedAt: head.archivedAt ?? head.at, ownerId: null });
  }
}
