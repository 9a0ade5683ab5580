import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { Answer } from '../../common/answer.decorator.js';
import { type RevisionView, revisionView } from '../../protocol/message-views.js';
import { type MessageView, type Page, messageView, pageOf } from '../../protocol/views.js';
import { HistoryService } from '../history.service.js';
import { IdParams } from '../messages.dto.js';
import { RepliesService } from '../replies.service.js';
import { Deletions } from './deletions.service.js';
import { ListQuery, PatchMessageDto, ReactionParams } from './editing.dto.js';
import { PinsService } from './pins.service.js';
import { ReactionsService } from './reactions.service.js';
import { TextEdits } from './text-edits.service.js';

/** What becomes of messages after they were sent. */
@ApiTags('messages')
@Controller()
export class EditingController {
  constructor(
    private readonly edits: TextEdits,
    private readonly deletions: Deletions,
    private readonly reactions: ReactionsService,
    private readonly pins: PinsService,
    private readonly replies: RepliesService,
    private readonly history: HistoryService,
  ) {}

  /** Gives one's own message another text. */
  @Patch('messages/:id')
  @Access('message.send')
  @Answer(HttpStatus.OK, messageView)
  async edit(
    @CurrentUser() principal: Principal,
    @Param() { id }: IdParams,
    @Body() body: PatchMessageDto,
  ): Promise<MessageView> {
    await this.edits.edit(principal, { ...body, id });
    return this.history.get(principal, id);
  }

  /** Deletes a message for all. */
  @Delete('messages/:id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('message.send')
  async delete(@CurrentUser() principal: Principal, @Param() { id }: IdParams): Promise<void> {
    await this.deletions.delete(principal, { id });
  }

  /** What a message said, oldest first, with what it says now as the last. */
  @Get('messages/:id/revisions')
  @Access('message.read')
  @Answer(HttpStatus.OK, pageOf(revisionView))
  listRevisions(@CurrentUser() principal: Principal, @Param() { id }: IdParams): Promise<Page<RevisionView>> {
    return this.edits.revisions(principal, id);
  }

  /** Reacts to a message with an emoji. */
  @Put('messages/:id/reactions/:emoji')
  @Access('message.send')
  @Answer(HttpStatus.OK, messageView)
  async react(@CurrentUser() principal: Principal, @Param() { id, emoji }: ReactionParams): Promise<MessageView> {
    await this.reactions.react(principal, { id, emoji, added: true });
    return this.history.get(principal, id);
  }

  /** Takes a reaction back. */
  @Delete('messages/:id/reactions/:emoji')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('message.send')
  async unreact(@CurrentUser() principal: Principal, @Param() { id, emoji }: ReactionParams): Promise<void> {
    await this.reactions.react(principal, { id, emoji, added: false });
  }

  /** Pins a message. */
  @Put('messages/:id/pin')
  @Access('message.send')
  @Answer(HttpStatus.OK, messageView)
  async pin(@CurrentUser() principal: Principal, @Param() { id }: IdParams): Promise<MessageView> {
    await this.pins.pin(principal, id);
    return this.history.get(principal, id);
  }

  /** Unpins a message. */
  @Delete('messages/:id/pin')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('message.send')
  async unpin(@CurrentUser() principal: Principal, @Param() { id }: IdParams): Promise<void> {
    await this.pins.unpin(principal, id);
  }

  /** The pinned messages of a room, the one that was pinned last first. */
  @Get('rooms/:id/pins')
  @Access('message.read')
  @Answer(HttpStatus.OK, pageOf(messageView))
  listPins(
    @CurrentUser() principal: Principal,
    @Param() { id: roomId }: IdParams,
    @Query() query: ListQuery,
  ): Promise<Page<MessageView>> {
    return this.pins.list(principal, { ...query, roomId });
  }

  /** What was answered to a message, oldest first. */
  @Get('messages/:id/replies')
  @Access('message.read')
  @Answer(HttpStatus.OK, pageOf(messageView))
  listReplies(
    @CurrentUser() principal: Principal,
    @Param() { id }: IdParams,
    @Query() query: ListQuery,
  ): Promise<Page<MessageView>> {
    return this.replies.list(principal, { ...query, id });
  }
}
