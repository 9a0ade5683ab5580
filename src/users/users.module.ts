import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { UserCreation } from './user-creation.service.js';
import { UserRevs } from './user-revs.service.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersQueries } from './users.queries.js';
import { UsersService } from './users.service.js';

/** Accounts and profiles. */
@Module({
  imports: [TypeOrmModule.forFeature([User], READS)],
  controllers: [UsersController],
  providers: [UserCreation, UserRevs, UsersQueries, UsersService],
  exports: [UserCreation, UserRevs, UsersQueries, UsersService],
})
export class UsersModule {}
