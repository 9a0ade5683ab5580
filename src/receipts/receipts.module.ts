import { Module } from '@nestjs/common';
import { FriendsModule } from '../friends/friends.module.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { ReceiptTeller } from './receipt-teller.service.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsQueries } from './receipts.queries.js';
import { ReceiptsService } from './receipts.service.js';

/** What others are shown of how far somebody has received and read. */
@Module({
  imports: [FriendsModule, RoomsModule, UsersModule],
  controllers: [ReceiptsController],
  providers: [ReceiptTeller, ReceiptsQueries, ReceiptsService],
})
export class ReceiptsModule {}
