import { Body, Controller, Get, Headers, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { type ReadAck, readAck } from '../protocol/commands.js';
import { type IntegrityView, integrityView } from '../protocol/message-views.js';
import { type ChangesView, type MessageView, type Page, changesView, messageView, pageOf } from '../protocol/views.js';
import { ChangesService } from './changes.service.js';
import { HistoryService } from './history.service.js';
import { IntegrityService } from './integrity.service.js';
import { ChangesQuery, HistoryQuery, IdParams, IntegrityQuery, PostMessageDto, ReadDto } from './messages.dto.js';
import { MessagesService } from './messages.service.js';
import { ReadMarksService } from './read-marks.service.js';

@ApiTags('messages')
@Controller()
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly history: HistoryService,
    private readonly changes: ChangesService,
    private readonly marks: ReadMarksService,
    private readonly integrity: IntegrityService,
  ) {}

  /** Sends a message. 201 with the message, 200 when it was stored before. */
  @Post('rooms/:id/messages')
  @Access('message.send')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The message id, where the body has none.' })
  @Answer(HttpStatus.CREATED, messageView)
  @Answer(HttpStatus.OK, messageView)
  async post(
    @CurrentUser() principal: Principal,
    @Param() { id: roomId }: IdParams,
    @Body() body: PostMessageDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageView> {
    const { message, duplicate } = await this.messages.post(principal, { ...body, roomId, idempotencyKey });
    if (duplicate) reply.status(HttpStatus.OK);
    return message;
  }

  /** A page of a room's history, ascending by rev. Without a place: the newest page. */
  @Get('rooms/:id/messages')
  @Access('message.read')
  @Answer(HttpStatus.OK, pageOf(messageView))
  list(
    @CurrentUser() principal: Principal,
    @Param() { id: roomId }: IdParams,
    @Query() query: HistoryQuery,
  ): Promise<Page<MessageView>> {
    return this.history.list(principal, { ...query, roomId });
  }

  /** One message. */
  @Get('messages/:id')
  @Access('message.read')
  @Answer(HttpStatus.OK, messageView)
  get(@CurrentUser() principal: Principal, @Param() { id }: IdParams): Promise<MessageView> {
    return this.history.get(principal, id);
  }

  /** Everything that changed in a room after a rev. */
  @Get('rooms/:id/changes')
  @Access('message.read')
  @Answer(HttpStatus.OK, changesView)
  listChanges(
    @CurrentUser() principal: Principal,
    @Param() { id: roomId }: IdParams,
    @Query() query: ChangesQuery,
  ): Promise<ChangesView> {
    return this.changes.list(principal, { ...query, roomId });
  }

  /** A checksum over a range of a room's log, for clients to compare their copy with. */
  @Get('rooms/:id/integrity')
  @Access('message.read')
  @Answer(HttpStatus.OK, integrityView)
  checkIntegrity(
    @CurrentUser() principal: Principal,
    @Param() { id: roomId }: IdParams,
    @Query() query: IntegrityQuery,
  ): Promise<IntegrityView> {
    return this.integrity.check(principal, { ...query, roomId });
  }

  /** Moves the caller's read mark. */
  @Post('rooms/:id/read')
  @HttpCode(HttpStatus.OK)
  @Access('message.read')
  @Answer(HttpStatus.OK, readAck)
  markRead(
    @CurrentUser() principal: Principal,
    @Param() { id: roomId }: IdParams,
    @Body() body: ReadDto,
  ): Promise<ReadAck> {
    return this.marks.mark(principal, { ...body, roomId });
  }
}
