import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { newId } from '../common/id.js';
import { READS } from '../database/data-source.js';
import { uniqueViolation } from '../database/errors.js';
import { FriendsAccess } from '../friends/friends-access.js';
import type { MemberRoomView } from '../protocol/views.js';
import { insertMembers, newMember } from './members/member-moves.js';
import { RoomEdits } from './room-edits.js';
import { RoomViews } from './room-views.service.js';
import { Room } from './room.entity.js';
import { directKeyOf } from './room.view.js';

/** A room that was asked for, and whether this made it. */
export interface OpenedRoom {
  readonly room: MemberRoomView;
  readonly created: boolean;
}

/** Rooms of a pair. They have no roles, and no notices and no end until one of the two deletes his account. */
@Injectable()
export class DirectRooms {
  constructor(
    private readonly edits: RoomEdits,
    private readonly views: RoomViews,
    private readonly friends: FriendsAccess,
    @InjectRepository(Room, READS) private readonly rooms: Repository<Room>,
  ) {}

  /**
   * The one room of the caller and the other user, made where there is none yet; with his own id the room of his
   * notes. Both get the same room, also when both ask at once. A new one is told as `MemberAdded` to both.
   *
   * A room that exists stays open to both, whatever became of them; whether they may write there is asked with each send.
   *
   * @throws ChatError where no room exists yet: `NOT_FOUND` when there is no such user or his account is not active,
   *   `BLOCKED` when one has blocked the other, `CONTACT_CLOSED` when he does not want to be written to
   */
  async open(principal: Principal, userId: string): Promise<OpenedRoom> {
    const directKey = directKeyOf(principal.userId, userId);
    const known = await this.find(principal, directKey);
    if (known) return { room: known, created: false };
    const created = await this.create(principal, [...new Set([principal.userId, userId])], directKey);
    const room = await this.find(principal, directKey);
    if (!room) throw new Error('a direct room that was just made is not there');
    return { room, created };
  }

  private async find(principal: Principal, directKey: string): Promise<MemberRoomView | null> {
    const room = await this.rooms.findOneBy({ directKey });
    return room && this.views.findOfUser(principal.userId, room.id);
  }

  /** False when somebody else made it first. */
  private async create(principal: Principal, userIds: readonly string[], directKey: string): Promise<boolean> {
    const blank = { name: null, topic: null, ownerId: null };
    const memberCount = userIds.length;
    const create = { kind: 'direct', visibility: 'private', directKey, memberCount, ...blank } as const;
    try {
      await this.edits.run({ roomId: newId(), userIds, create }, async (edit) => {
        if (userIds.some((id) => !edit.active.has(id))) throw new ChatError('NOT_FOUND');
        await this.friends.requireContact(edit.tx, principal.userId, userIds);
        const members = userIds.map((userId) => newMember(edit.head, { userId, role: 'member', joinedRev: 0 }));
        await insertMembers(edit, members);
      });
      return true;
    } catch (error) {
      if (uniqueViolation(error) === null) throw error;
      return false;
    }
  }
}
