import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { READS } from '../database/data-source.js';
import { FriendsModule } from '../friends/friends.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { User } from '../users/user.entity.js';
import { UsersModule } from '../users/users.module.js';
import { ChatGateway } from './chat.gateway.js';
import { CommandRunner } from './command-runner.js';
import { Connections } from './connections/connections.js';
import { DrainService } from './drain.service.js';
import { Draining } from './draining.service.js';
import { FanOut } from './feeds/fan-out.js';
import { HeartbeatService } from './connections/heartbeat.service.js';
import { MissedFrames } from './feeds/missed-frames.service.js';
import { OpenRooms } from './feeds/open-rooms.service.js';
import { PresenceDoorbell } from './presence/presence-doorbell.service.js';
import { PresenceFrames } from './presence/presence-frames.js';
import { EditingGateway } from './editing.gateway.js';
import { PresenceGateway } from './presence/presence.gateway.js';
import { PresenceLeases } from './presence/presence-leases.service.js';
import { PresenceQueue } from './presence/presence-queue.js';
import { PresencePulse } from './presence/presence-pulse.service.js';
import { PresenceWatches } from './presence/presence-watches.service.js';
import { ReadyQueries } from './ready.queries.js';
import { Reception } from './reception.js';
import { RoomActivities } from './feeds/room-activities.service.js';
import { RoomFeeds } from './feeds/room-feeds.js';
import { RoomJoiner } from './feeds/room-joiner.js';
import { SessionEnds } from './session-ends.service.js';
import { SessionStartService } from './session-start.service.js';
import { SocketAuth } from './socket-auth.service.js';
import { EventStreams } from './streams/event-streams.service.js';
import { EventsController } from './streams/events.controller.js';
import { SyncController } from './sync.controller.js';
import { SyncService } from './sync.service.js';
import { UpgradeCheck } from './upgrade-check.js';
import { UserFeeds } from './feeds/user-feeds.js';

/** The socket: adapter, gateway, feeds, fan-out, handshake. */
@Module({
  imports: [
    TypeOrmModule.forFeature([User], READS),
    AuthModule,
    UsersModule,
    FriendsModule,
    RoomsModule,
    MessagesModule,
    PresenceModule,
  ],
  controllers: [EventsController, SyncController],
  providers: [
    ChatGateway,
    CommandRunner,
    Connections,
    DrainService,
    Draining,
    FanOut,
    HeartbeatService,
    MissedFrames,
    OpenRooms,
    PresenceDoorbell,
    PresenceFrames,
    EditingGateway,
    EventStreams,
    PresenceGateway,
    PresenceLeases,
    PresencePulse,
    PresenceQueue,
    PresenceWatches,
    ReadyQueries,
    Reception,
    RoomActivities,
    RoomFeeds,
    RoomJoiner,
    SessionEnds,
    SessionStartService,
    SocketAuth,
    SyncService,
    UpgradeCheck,
    UserFeeds,
  ],
})
export class RealtimeModule {}
