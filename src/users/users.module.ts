import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { AvatarsController } from './avatars.controller.js';
import { Avatars } from './avatars.service.js';
import { OwnProfile } from './own-profile.service.js';
import { Directory } from './directory.service.js';
import { DirectoryQueries } from './directory.queries.js';
import { PreferencesController } from './preferences.controller.js';
import { PreferencesQueries } from './preferences.queries.js';
import { PreferencesService } from './preferences.service.js';
import { UserCreation } from './user-creation.service.js';
import { UserDeletion } from './user-deletion.service.js';
import { UserRevs } from './user-revs.service.js';
import { UserTies } from './user-ties.service.js';
import { User } from './user.entity.js';
import { UserName } from './user-name.entity.js';
import { UsersController } from './users.controller.js';
import { UsersQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

/** Accounts and profiles. */
@Module({
  imports: [TypeOrmModule.forFeature([User, UserName], READS)],
  controllers: [AvatarsController, UsersController, PreferencesController],
  providers: [
    Avatars,
    Directory,
    DirectoryQueries,
    OwnProfile,
    PreferencesQueries,
    PreferencesService,
    UserCreation,
    UserDeletion,
    UserRevs,
    UserTies,
    UsersQueries,
    UsersService,
  ],
  exports: [Avatars, PreferencesQueries, UserCreation, UserDeletion, UserRevs, UserTies, UsersQueries, UsersService],
})
export class UsersModule {}
