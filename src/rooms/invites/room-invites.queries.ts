import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { READS } from '../../database/data-source.js';
import type { Tx } from '../../database/tx.js';
import { Memberships } from '../members/memberships.queries.js';
import { RoomBan } from '../members/room-ban.entity.js';
import type { RoomMember } from '../members/room-member.entity.js';
import type { Room } from '../room.entity.js';
import { RoomInvite } from './room-invite.entity.js';

const IN_FORCE = 'invite.endedAt IS NULL AND (invite.expiresAt IS NULL OR invite.expiresAt > :now)';

/** A room that somebody is invited to. */
export interface InvitedRoom {
  readonly room: Room;
  readonly member: RoomMember | null;
  readonly ban: RoomBan | null;
}

/** Reads and counts of invites. */
@Injectable()
export class RoomInvites {
  constructor(
    private readonly clock: Clock,
    private readonly memberships: Memberships,
    @InjectRepository(RoomBan, READS) private readonly bans: Repository<RoomBan>,
    @InjectRepository(RoomInvite, READS) private readonly invites: Repository<RoomInvite>,
  ) {}

  find(code: string): Promise<RoomInvite | null> {
    return this.invites.findOneBy({ code });
  }

  /** The room of an invite with what the user is there. */
  async findRoom(userId: string, roomId: string): Promise<InvitedRoom> {
    const found = await this.memberships.find(userId, roomId);
    if (!found) throw new Error('the room of an invite is not there');
    return { ...found, ban: await this.bans.findOneBy({ roomId, userId }) };
  }

  /** Those that still let somebody in, after the invite `after`, in the order of their making. */
  listInForce(roomId: string, { after, limit }: { after: string; limit: number }): Promise<RoomInvite[]> {
    return inForce(this.invites.createQueryBuilder('invite'), roomId, this.clock.now())
      .andWhere('invite.id > :after', { after })
      .orderBy('invite.id')
      .limit(limit)
      .getMany();
  }

  /** How many still let somebody in, in a locked room. */
  async countInForce(tx: Tx, roomId: string): Promise<number> {
    return inForce(tx.manager.createQueryBuilder(RoomInvite, 'invite'), roomId, this.clock.now()).getCount();
  }

  /** The time against which an invite's end is held. */
  now(): number {
    return this.clock.now();
  }
}

const inForce = (query: SelectQueryBuilder<RoomInvite>, roomId: string, now: number): SelectQueryBuilder<RoomInvite> =>
  query.where('invite.roomId = :roomId', { roomId }).andWhere(IN_FORCE, { now });
