import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { READS } from '../database/data-source.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { User } from '../users/user.entity.js';
import { UsersModule } from '../users/users.module.js';
import { ChatGateway } from './chat.gateway.js';
import { CommandRunner } from './command-runner.js';
import { Connections } from './connections.js';
import { DrainService } from './drain.service.js';
import { Draining } from './draining.service.js';
import { FanOut } from './fan-out.js';
import { HeartbeatService } from './heartbeat.service.js';
import { MissedFrames } from './missed-frames.service.js';
import { OpenRooms } from './open-rooms.service.js';
import { ReadyQueries } from './ready.queries.js';
import { Reception } from './reception.js';
import { RoomFeeds } from './room-feeds.js';
import { RoomJoiner } from './room-joiner.js';
import { SessionEnds } from './session-ends.service.js';
import { SessionStartService } from './session-start.service.js';
import { SocketAuth } from './socket-auth.service.js';
import { SyncController } from './sync.controller.js';
import { SyncService } from './sync.service.js';
import { UpgradeCheck } from './upgrade-check.js';
import { UserFeeds } from './user-feeds.js';

/** The socket: adapter, gateway, feeds, fan-out, handshake. */
@Module({
  imports: [TypeOrmModule.forFeature([User], READS), AuthModule, UsersModule, RoomsModule, MessagesModule],
  controllers: [SyncController],
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
    ReadyQueries,
    Reception,
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
