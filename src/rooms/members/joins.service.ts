import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import type { MemberRoomView } from '../../protocol/views.js';
import { RoomAccess, requireOpen, requireUnbanned } from '../room-access.js';
import { RoomEdits, requireActive } from '../room-edits.js';
import { RoomViews } from '../room-views.service.js';
import { MemberMoves } from './member-moves.js';
import { RoomMember } from './room-member.entity.js';
import { Successions } from './successions.service.js';

/** Coming and going of one's own accord. */
@Injectable()
export class JoinsService {
  constructor(
    private readonly access: RoomAccess,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly successions: Successions,
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
      requireActive(edit, userId);
      await this.moves.add(edit, [{ userId, role: 'member' }], principal.byId);
    });
    return this.views.getOfUser(userId, roomId);
  }

  /**
   * Ends the caller's membership (`member.left`; his connections get `room.gone`), in archived rooms too. Where he was
   * the owner, another member becomes it (`Successions`); a room without members is archived.
   *
   * @throws ChatError `NOT_FOUND`; `FORBIDDEN` for a direct room and for who is no member
   */
  async leave(principal: Principal, roomId: string): Promise<void> {
    const { userId } = principal;
    await this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      const { role } = await this.access.requireIn(edit.tx, edit.head, { principal, action: 'room.leave' });
      await this.moves.remove(edit, userId, { byId: principal.byId, reason: 'left' });
      if (role === 'owner') await this.successions.succeed(edit);
    });
  }
}
