import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { FriendsModule } from '../friends/friends.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountExport } from './account-export.service.js';
import { AccountParts } from './account-parts.service.js';
import { AccountsController } from './accounts.controller.js';

/** The end of an account, and a copy of all that belongs to it. */
@Module({
  imports: [AuthModule, FriendsModule, MessagesModule, RoomsModule, UsersModule],
  controllers: [AccountsController],
  providers: [AccountDeletion, AccountExport, AccountParts],
})
export class AccountsModule {}
