import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { ChatError } from '../../common/chat-error.js';
import { RateLimits } from '../../limits/rate-limits.js';
import type { InvitePreview } from '../../protocol/room-views.js';
import type { MemberRoomView } from '../../protocol/views.js';
import { MemberMoves } from '../members/member-moves.js';
import { RoomBan } from '../members/room-ban.entity.js';
import { RoomMember } from '../members/room-member.entity.js';
import { refuseBanned, toError } from '../action-access.js';
import { type RoomEdit, RoomEdits, requireActive } from '../room-edits.js';
import { RoomViews } from '../room-views.service.js';
import type { Room } from '../room.entity.js';
import { isOver, toInvitePreview } from './invite.view.js';
import { RoomInvite } from './room-invite.entity.js';
import { RoomInvites } from './room-invites.queries.js';

/** Invites as those meet them who have a link. */
@Injectable()
export class Invitations {
  constructor(
    private readonly rates: RateLimits,
    private readonly invites: RoomInvites,
    private readonly edits: RoomEdits,
    private readonly moves: MemberMoves,
    private readonly views: RoomViews,
  ) {}

  /**
   * What the caller would join; nothing else of the room is told.
   *
   * @throws ChatError as `accept` would
   */
  async preview(principal: Principal, code: string): Promise<InvitePreview> {
    const invite = await this.requireInvite(principal, code);
    const { room, member, ban } = await this.invites.findRoom(principal.userId, invite.roomId);
    if (!member) requireWelcome(room, { invite, ban }, this.invites.now());
    return toInvitePreview(room);
  }

  /**
   * Makes the caller a member (`member.joined`; his connections get `room.added`) and takes one use; of the last one,
   * exactly one of many. For a member nothing changes and nothing is used, also when the invite is over.
   *
   * @throws ChatError `NOT_FOUND` for a code that never was; `RATE_LIMITED` after too many of those; `GONE` for an
   *   invite that has ended, was revoked or is used up; `BANNED`, `ROOM_ARCHIVED`
   */
  async accept(principal: Principal, code: string): Promise<MemberRoomView> {
    const { roomId } = await this.requireInvite(principal, code);
    const { userId } = principal;
    await this.edits.run({ roomId, userIds: [userId] }, async (edit) => {
      if (await isMember(edit, principal)) return;
      requireActive(edit, userId);
      await takeUse(edit, principal, code);
      await this.moves.add(edit, [{ userId, role: 'member' }], principal.byId);
    });
    return this.views.getOfUser(userId, roomId);
  }

  /** The invite of a code; whoever guesses is slowed down, and learns nothing meanwhile. */
  private async requireInvite({ userId }: Principal, code: string): Promise<RoomInvite> {
    if (this.rates.left('inviteGuesses', userId) === 0) this.rates.take('inviteGuesses', userId);
    const invite = await this.invites.find(code);
    if (invite) return invite;
    this.rates.take('inviteGuesses', userId);
    throw new ChatError('NOT_FOUND');
  }
}

const isMember = ({ tx, head }: RoomEdit, { userId }: Principal): Promise<boolean> =>
  tx.manager.existsBy(RoomMember, { roomId: head.id, userId });

/** Takes one use of the invite as it is under the room's lock; the last one ends it. */
async function takeUse({ tx, head }: RoomEdit, { userId }: Principal, code: string): Promise<void> {
  const invite = await tx.manager.findOneBy(RoomInvite, { code });
  const ban = await tx.manager.findOneBy(RoomBan, { roomId: head.id, userId });
  requireWelcome(head, { invite, ban }, head.at);
  const { id, maxUses, uses } = invite as RoomInvite;
  const isLast = maxUses !== null && uses + 1 >= maxUses;
  await tx.manager.update(RoomInvite, { id }, { uses: uses + 1, ...(isLast ? { endedAt: head.at } : {}) });
}

/** Throws where the invite does not let somebody with this ban into the room. */
function requireWelcome(
  room: Pick<Room, 'archivedAt'>,
  { invite, ban }: { readonly invite: RoomInvite | null; readonly ban: RoomBan | null },
  at: number,
): void {
  if (!invite || isOver(invite, at)) throw new ChatError('GONE');
  const refusal = refuseBanned(ban, at);
  if (refusal) throw toError(refusal, at);
  if (room.archivedAt !== null) throw new ChatError('ROOM_ARCHIVED');
}
