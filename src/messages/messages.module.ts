import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { FriendsModule } from '../friends/friends.module.js';
import { Room } from '../rooms/room.entity.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { BlockedMarks } from './blocked-marks.js';
import { ChangesService } from './changes.service.js';
import { DoubtfulSends } from './doubtful-sends.js';
import { HistoryService } from './history.service.js';
import { LostMarks } from './lost-marks.service.js';
import { MessageQueries } from './message.queries.js';
import { MessageWriter } from './message-writer.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { OwnMessages } from './own-messages.service.js';
import { ReadMarksService } from './read-marks.service.js';
import { SendBatch } from './send-batch.js';

/** Sending, history, catch-up and read marks. */
@Module({
  imports: [TypeOrmModule.forFeature([Room], READS), FriendsModule, RoomsModule, UsersModule],
  controllers: [MessagesController],
  providers: [
    BlockedMarks,
    ChangesService,
    DoubtfulSends,
    HistoryService,
    LostMarks,
    MessageQueries,
    MessageWriter,
    MessagesService,
    OwnMessages,
    ReadMarksService,
    SendBatch,
  ],
  exports: [ChangesService, MessagesService, OwnMessages, ReadMarksService],
})
export class MessagesModule {}
