import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { FriendsModule } from '../friends/friends.module.js';
import { UsersModule } from '../users/users.module.js';
import { AbilitiesService } from './abilities.service.js';
import { RoomAvatars } from './avatars/room-avatars.service.js';
import { RoomAvatarsController } from './avatars/room-avatars.controller.js';
import { StrayPictures } from './avatars/stray-pictures.service.js';
import { DirectRights } from './direct-rights.service.js';
import { DirectRooms } from './direct-rooms.service.js';
import { Invitations } from './invites/invitations.service.js';
import { InvitesController } from './invites/invites.controller.js';
import { InvitesService } from './invites/invites.service.js';
import { RoomInvite } from './invites/room-invite.entity.js';
import { RoomInvites } from './invites/room-invites.queries.js';
import { BansController } from './members/bans.controller.js';
import { BansService } from './members/bans.service.js';
import { Departures } from './members/departures.service.js';
import { JoinsService } from './members/joins.service.js';
import { MemberLists } from './members/member-lists.service.js';
import { MemberMoves } from './members/member-moves.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './members/members.service.js';
import { Memberships } from './members/memberships.queries.js';
import { OwnSettingsService } from './members/own-settings.service.js';
import { ReadPositions } from './members/read-position-store.js';
import { RoomBan } from './members/room-ban.entity.js';
import { UnreadMentions } from './members/unread-mentions-store.js';
import { RoomMember } from './members/room-member.entity.js';
import { RoomRosters } from './members/roster-store.js';
import { SlowMode } from './members/slow-mode-store.js';
import { Successions } from './members/successions.service.js';
import { Mention } from './members/mention.entity.js';
import { MessageChange } from './message-change.entity.js';
import { Message } from './message.entity.js';
import { OwnRoomController } from './own-room.controller.js';
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
  imports: [
    TypeOrmModule.forFeature([Room, RoomMember, RoomBan, RoomInvite, Message, MessageChange, Mention], READS),
    UsersModule,
    FriendsModule,
  ],
  controllers: [
    RoomsController,
    MembersController,
    BansController,
    InvitesController,
    OwnRoomController,
    RoomAvatarsController,
  ],
  providers: [
    AbilitiesService,
    BansService,
    DirectRights,
    Departures,
    DirectRooms,
    Invitations,
    InvitesService,
    JoinsService,
    MemberLists,
    MemberMoves,
    Memberships,
    MembersService,
    OwnSettingsService,
    ReadPositions,
    RoomAccess,
    RoomAvatars,
    RoomCreation,
    RoomEdits,
    RoomInvites,
    RoomLog,
    RoomQueries,
    RoomRosters,
    RoomSettings,
    RoomsService,
    RoomViews,
    SlowMode,
    StrayPictures,
    Successions,
    UnreadMentions,
  ],
  exports: [
    ReadPositions,
    RoomAccess,
    RoomLog,
    RoomQueries,
    RoomRosters,
    RoomsService,
    RoomViews,
    SlowMode,
    UnreadMentions,
  ],
})
export class RoomsModule {}
