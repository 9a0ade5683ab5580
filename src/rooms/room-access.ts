import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import type { Tx } from '../database/tx.js';
import { type Membership, Memberships } from './members/memberships.queries.js';
import { RoomBan } from './members/room-ban.entity.js';
import { RoomMember } from './members/room-member.entity.js';
import type { Room } from './room.entity.js';
import type { RoomHead } from './room-head.js';
import { type MemberHead, RoomQueries } from './room.queries.js';
import { ROOM_RULES, type RoomRule, refuseBanned, refuseOutsider, toError } from './action-access.js';
import { type RoomAction, canAct } from './room-permissions.js';

export type { Membership };

/**
 * Who may do what in which room. Each check returns the thing or refuses. What an outsider may not know of answers
 * `NOT_FOUND`: a private room that exists and one that does not look the same to him.
 */
@Injectable()
export class RoomAccess {
  constructor(
    private readonly memberships: Memberships,
    private readonly rooms: RoomQueries,
  ) {}

  /** Where the room and the caller in it stand, for what reads its log. Throws as `requireMember`. */
  async requireReader(principal: Principal, roomId: string): Promise<MemberHead> {
    const found = await this.rooms.headFor(principal.userId, roomId);
    if (!found) throw new ChatError('NOT_FOUND');
    if (!found.head) throw outsider(found);
    return found.head;
  }

  /** The room and the caller's membership. Throws `NOT_FOUND`, or `FORBIDDEN` for an outsider of a public room. */
  async requireMember(principal: Principal, roomId: string): Promise<Membership> {
    const { room, member } = await this.requireVisible(principal, roomId);
    if (!member) throw outsider(room);
    return { room, member };
  }

  /** A room that the caller may know of: public, or his. Throws `NOT_FOUND`. */
  async requireVisible(principal: Principal, roomId: string): Promise<{ room: Room; member: RoomMember | null }> {
    const found = await this.memberships.find(principal.userId, roomId);
    if (!found || (!found.member && found.room.visibility === 'private')) throw new ChatError('NOT_FOUND');
    return found;
  }

  /** The same as `requireMember`, for a member whose role allows the action, archived rooms too. Throws `NOT_FOUND` or `FORBIDDEN`. */
  async requireAction(principal: Principal, roomId: string, action: RoomAction): Promise<Membership> {
    const { room, member } = await this.requireMember(principal, roomId);
    if (!mayAct(room, member, action)) throw new ChatError('FORBIDDEN');
    return { room, member };
  }

  /**
   * The caller's row in a locked room, exact under its lock, when the rule of the action lets him. Throws `NOT_FOUND`,
   * and what the rule refuses with: `FORBIDDEN`, `ROOM_ARCHIVED`.
   */
  async requireIn(tx: Tx, head: RoomHead, ask: { principal: Principal; action: RoomRule }): Promise<RoomMember> {
    const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId: ask.principal.userId });
    const refusal = ROOM_RULES[ask.action](head, member, head.at);
    if (refusal || !member) throw toError(refusal ?? refuseOutsider(head), head.at);
    return member;
  }
}

/** The refusal for somebody who is no member. */
export const outsider = (room: { readonly visibility: 'public' | 'private' }): ChatError =>
  new ChatError(refuseOutsider(room).code);

/** Throws `ROOM_ARCHIVED` where nothing may be changed any more. */
export function requireOpen(head: RoomHead): void {
  if (head.archivedAt !== null) throw new ChatError('ROOM_ARCHIVED');
}

/** Throws `BANNED` where the user is banned from the locked room at this moment; a ban whose end has passed is none. */
export async function requireUnbanned(tx: Tx, head: RoomHead, userId: string): Promise<void> {
  const ban = await tx.manager.findOneBy(RoomBan, { roomId: head.id, userId });
  const refusal = refuseBanned(ban, head.at);
  if (refusal) throw toError(refusal, head.at);
}

const mayAct = (room: Pick<Room, 'kind'>, member: RoomMember, action: RoomAction): boolean =>
  room.kind === 'group' && canAct(member.role, action);
