import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { Room } from '../rooms/room.entity.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { ChangesService } from './changes.service.js';
import { HistoryService } from './history.service.js';
import { LostMarks } from './lost-marks.service.js';
import { MessageQueries } from './message.queries.js';
import { MessageWriter } from './message-writer.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { ReadMarksService } from './read-marks.service.js';
import { SendBatch } from './send-batch.js';

/** Sending, history, catch-up and read marks. */
@Module({
  imports: [TypeOrmModule.forFeature([Room], READS), RoomsModule, UsersModule],
  controllers: [MessagesController],
  providers: [
    ChangesService,
    HistoryService,
    LostMarks,
    MessageQueries,
    MessageWriter,
    MessagesService,
    ReadMarksService,
    SendBatch,
  ],
  exports: [ChangesService, MessagesService, ReadMarksService],
})
export class MessagesModule {}
