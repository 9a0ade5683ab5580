import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { READS } from '../../database/data-source.js';
import { Room } from '../room.entity.js';
import { RoomMember } from './room-member.entity.js';

/** A room with the membership of one user. */
export interface Membership {
  readonly room: Room;
  readonly member: RoomMember;
}

/**
 * A room and somebody's membership in it, read in **one** statement. In two, a member who is removed in between could
 * be shown the room as it is after his removal.
 */
@Injectable()
export class Memberships {
  constructor(@InjectRepository(Room, READS) private readonly rooms: Repository<Room>) {}

  /** The room, and the user's membership if he has one; null where there is no such room. */
  async find(userId: string, roomId: string): Promise<{ room: Room; member: RoomMember | null } | null> {
    const found = await this.rooms
      .createQueryBuilder('room')
      .leftJoinAndMapOne('room.member', RoomMember, 'member', 'member.roomId = room.id AND member.userId = :userId')
      .where('room.id = :roomId')
      .setParameters({ userId, roomId })
      .getOne();
    if (!found) return null;
    const { member, ...room } = found as Room & { member: RoomMember | null };
    return { room, member };
  }
}
