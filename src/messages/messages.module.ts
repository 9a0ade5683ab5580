import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READS } from '../database/data-source.js';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { FriendsModule } from '../friends/friends.module.js';
import { Room } from '../rooms/room.entity.js';
import { RoomsModule } from '../rooms/rooms.module.js';
import { UsersModule } from '../users/users.module.js';
import { BlockedMarks } from './blocked-marks.js';
import { ChangesService } from './changes.service.js';
import { DoubtfulSends } from './doubtful-sends.js';
import { Deletions } from './editing/deletions.service.js';
import { EditingController } from './editing/editing.controller.js';
import { MessageEdits } from './editing/message-edits.service.js';
import { PinsService } from './editing/pins.service.js';
import { ReactionBatch } from './editing/reaction-batch.service.js';
import { ReactionsService } from './editing/reactions.service.js';
import { TextEdits } from './editing/text-edits.service.js';
import { MessageRevision } from './editing/message-revision.entity.js';
import { Pin } from './editing/pin.entity.js';
import { Reaction } from './editing/reaction.entity.js';
import { HistoryService } from './history.service.js';
import { LostMarks } from './lost-marks.service.js';
import { IntegrityService } from './integrity.service.js';
import { LogReader } from './log-reader.js';
import { MessageAccess } from './message-access.js';
import { MessageReply } from './message-reply.entity.js';
import { MessageViews } from './message-views.service.js';
import { MessageQueries } from './message.queries.js';
import { MessageWriter } from './message-writer.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { OwnMessages } from './own-messages.service.js';
import { ReadMarksService } from './read-marks.service.js';
import { RepliesService } from './replies.service.js';
import { ReplyPreviews } from './reply-previews.js';
import { SendBatch } from './send-batch.js';
import { SendParts } from './send-parts.service.js';

/** Sending, history, catch-up, read marks, and what becomes of messages. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Room, MessageReply, MessageRevision, Pin, Reaction], READS),
    AttachmentsModule,
    FriendsModule,
    RoomsModule,
    UsersModule,
  ],
  controllers: [MessagesController, EditingController],
  providers: [
    BlockedMarks,
    ChangesService,
    Deletions,
    DoubtfulSends,
    HistoryService,
    IntegrityService,
    LogReader,
    LostMarks,
    MessageAccess,
    MessageEdits,
    MessageQueries,
    MessageViews,
    MessageWriter,
    MessagesService,
    OwnMessages,
    PinsService,
    ReactionBatch,
    ReactionsService,
    ReadMarksService,
    RepliesService,
    ReplyPreviews,
    SendBatch,
    SendParts,
    TextEdits,
  ],
  exports: [
    ChangesService,
    Deletions,
    MessageViews,
    MessagesService,
    OwnMessages,
    ReactionsService,
    ReadMarksService,
    TextEdits,
  ],
})
export class MessagesModule {}
