import { Injectable } from '@nestjs/common';
import type { MemberRole } from '../../protocol/views.js';
import type { RoomEdit } from '../room-edits.js';
import { RoomSettings } from '../room-settings.js';
import { Room } from '../room.entity.js';
import { MemberMoves } from './member-moves.js';

const LINE: readonly MemberRole[] = ['admin', 'member'];

/** Who gets a group room whose owner has gone. */
@Injectable()
export class Successions {
  constructor(
    private readonly moves: MemberMoves,
    private readonly settings: RoomSettings,
  ) {}

  /**
   * Makes the admin who has been there longest the owner, else the member who has; those whose account is suspended
   * only where nobody else is there. One `member.updated` notice of nobody's making says so. A room without members is
   * archived. Call it under the room's lock, when the owner's row is gone.
   */
  async succeed(edit: RoomEdit): Promise<void> {
    const { tx, head } = edit;
    if (head.memberCount === 0) return this.closeEmpty(edit);
    const heir = (await this.first(edit, " AND u.status = 'active'")) ?? (await this.first(edit, ''));
    if (!heir) throw new Error('a room has a count of members and no member');
    await this.moves.changeRole(edit, { userId: heir, role: 'owner' }, null);
    await tx.manager.update(Room, { id: head.id }, { ownerId: heir });
  }

  private async first({ tx, head }: RoomEdit, condition: string): Promise<string | null> {
    for (const role of LINE) {
      const rows = await tx.query<{ userId: string }>(
        `SELECT m.userId AS userId FROM room_members m JOIN users u ON u.id = m.userId
         WHERE m.roomId = ? AND m.role = ?${condition} ORDER BY m.joinedRev LIMIT 1`,
        [head.id, role],
      );
      if (rows[0]) return rows[0].userId;
    }
    return null;
  }

  private closeEmpty(edit: RoomEdit): Promise<void> {
    const { head } = edit;
    return this.settings.change(edit, null, { archivedAt: head.archivedAt ?? head.at, ownerId: null });
  }
}
