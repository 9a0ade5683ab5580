import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { READS } from '../database/data-source.js';
import type { Tx } from '../database/unit-of-work.js';
import { RoomMember } from './members/room-member.entity.js';
import { Room } from './room.entity.js';
import type { RoomHead } from './room-head.js';
import { type RoomAction, canAct } from './room-permissions.js';

/** A room with the membership of the one who asked. */
export interface Membership {
  readonly room: Room;
  readonly member: RoomMember;
}

/**
 * Who may do what in which room. Each check returns the thing or refuses. What an outsider may not know of answers
 * `NOT_FOUND`: a private room that exists and one that does not look the same to him.
 */
@Injectable()
export class RoomAccess {
  constructor(
    @InjectRepository(Room, READS) private readonly rooms: Repository<Room>,
    @InjectRepository(RoomMember, READS) private readonly members: Repository<RoomMember>,
  ) {}

  /** The room and the caller's membership. Throws `NOT_FOUND`, or `FORBIDDEN` for an outsider of a public room. */
  async requireMember(principal: Principal, roomId: string): Promise<Membership> {
    const { room, member } = await this.requireVisible(principal, roomId);
    if (!member) throw outsider(room);
    return { room, member };
  }

  /** A room that the caller may know of: public, or his. Throws `NOT_FOUND`. */
  async requireVisible(principal: Principal, roomId: string): Promise<{ room: Room; member: RoomMember | null }> {
    // Membership first: where it is read after the room, one removed in between would still see the room's new state.
    const member = await this.members.findOneBy({ roomId, userId: principal.userId });
    const room = await this.rooms.findOneBy({ id: roomId });
    if (!room || (!member && room.visibility === 'private')) throw new ChatError('NOT_FOUND');
    return { room, member };
  }

  /**
   * The caller's row in a locked room, exact under its lock, when his role allows the action (no action: membership is
   * enough). Throws `NOT_FOUND` or `FORBIDDEN`.
   */
  async requireIn(tx: Tx, head: RoomHead, ask: { principal: Principal; action?: RoomAction }): Promise<RoomMember> {
    const member = await tx.manager.findOneBy(RoomMember, { roomId: head.id, userId: ask.principal.userId });
    if (!member) throw outsider(head);
    if (ask.action && (head.kind === 'direct' || !canAct(member.role, ask.action))) throw new ChatError('FORBIDDEN');
    return member;
  }
}

/** The refusal for somebody who is no member. */
export const outsider = (room: { readonly visibility: 'public' | 'private' }): ChatError =>
  new ChatError(room.visibility === 'public' ? 'FORBIDDEN' : 'NOT_FOUND');

/** Throws `ROOM_ARCHIVED` where nothing may be changed any more. */
export function requireOpen(head: RoomHead): void {
  if (head.archivedAt !== null) throw new ChatError('ROOM_ARCHIVED');
}
