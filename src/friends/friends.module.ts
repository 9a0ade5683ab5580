import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { UsersModule } from '../users/users.module.js';
import { AccountEnds } from './account-ends.service.js';
import { Block } from './block.entity.js';
import { BlocksController } from './blocks.controller.js';
import { BlocksService } from './blocks.service.js';
import { FriendCounts } from './friend-counts.service.js';
import { FriendEdits } from './friend-edits.js';
import { FriendNews } from './friend-news.service.js';
import { FriendRequestsService } from './friend-requests.service.js';
import { FriendsAccess } from './friends-access.js';
import { FriendsController } from './friends.controller.js';
import { FriendsQueries } from './friends.queries.js';
import { FriendsService } from './friends.service.js';
import { Friendship } from './friendship.entity.js';
import { FriendshipQueries } from './friendship.queries.js';

/** Friends, requests for it, and blocks. */
@Module({
  imports: [TypeOrmModule.forFeature([Friendship, Block], READS), UsersModule],
  controllers: [FriendsController, BlocksController],
  providers: [
    AccountEnds,
    BlocksService,
    FriendCounts,
    FriendEdits,
    FriendNews,
    FriendRequestsService,
    FriendsAccess,
    FriendsQueries,
    FriendsService,
    FriendshipQueries,
  ],
  exports: [BlocksService, FriendRequestsService, FriendsAccess, FriendsQueries, FriendsService],
})
export class FriendsModule {}
