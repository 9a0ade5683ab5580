import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { UsersModule } from '../users/users.module.js';
import { DirectRooms } from './direct-rooms.service.js';
import { BansController } from './members/bans.controller.js';
import { BansService } from './members/bans.service.js';
import { JoinsService } from './members/joins.service.js';
import { MemberMoves } from './members/member-moves.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './members/members.service.js';
import { Memberships } from './members/memberships.queries.js';
import { ReadPositions } from './members/read-position-store.js';
import { RoomBan } from './members/room-ban.entity.js';
import { RoomMember } from './members/room-member.entity.js';
import { RoomRosters } from './members/roster-store.js';
import { Message } from './message.entity.js';
import { RoomAccess } from './room-access.js';
import { RoomCreation } from './room-creation.service.js';
import { RoomEdits } from './room-edits.js';
import { RoomLog } from './room-log.js';
import { RoomSettings } from './room-settings.js';
import { RoomViews } from './room-views.service.js';
import { Room } from './room.entity.js';
import { RoomQueries } from './room.queries.js';
import { RoomsController } from './rooms.controller.js';
import { RoomsService } from './rooms.service.js';

/** Rooms and their members, and the log that orders everything in them. */
@Module({
  imports: [TypeOrmModule.forFeature([Room, RoomMember, RoomBan, Message], READS), UsersModule],
  controllers: [RoomsController, MembersController, BansController],
  providers: [
    BansService,
    DirectRooms,
    JoinsService,
    MemberMoves,
    Memberships,
    MembersService,
    ReadPositions,
    RoomAccess,
    RoomCreation,
    RoomEdits,
    RoomLog,
    RoomQueries,
    RoomRosters,
    RoomSettings,
    RoomsService,
    RoomViews,
  ],
  exports: [ReadPositions, RoomAccess, RoomLog, RoomQueries, RoomRosters, RoomsService, RoomViews],
})
export class RoomsModule {}
