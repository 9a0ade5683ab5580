import { Body, Controller, Delete, Get, Headers, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentUser } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { Answer } from '../../common/answer.decorator.js';
import { type InvitePreview, type InviteView, invitePreview, inviteView } from '../../protocol/room-views.js';
import { type MemberRoomView, type Page, memberRoomView, pageOf } from '../../protocol/views.js';
import { PageQuery, RoomParams } from '../rooms.dto.js';
import { Invitations } from './invitations.service.js';
import { CreateInviteDto, InviteParams, RoomInviteParams } from './invites.dto.js';
import { InvitesService } from './invites.service.js';

@ApiTags('invites')
@Controller()
export class InvitesController {
  constructor(
    private readonly invites: InvitesService,
    private readonly invitations: Invitations,
  ) {}

  /** Makes an invite. Repeated with the same key: 200 with the same one. */
  @Post('rooms/:id/invites')
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat the same invite; kept for 24 hours.',
  })
  @Access('room.manage')
  @Answer(HttpStatus.CREATED, inviteView)
  @Answer(HttpStatus.OK, inviteView)
  async create(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Body() draft: CreateInviteDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InviteView> {
    const { invite, created } = await this.invites.create(principal, { ...draft, roomId: id }, idempotencyKey);
    reply.status(created ? HttpStatus.CREATED : HttpStatus.OK);
    return invite;
  }

  /** The invites in force, in the order of their making. */
  @Get('rooms/:id/invites')
  @Access('room.manage')
  @Answer(HttpStatus.OK, pageOf(inviteView))
  list(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Query() query: PageQuery,
  ): Promise<Page<InviteView>> {
    return this.invites.list(principal, { ...query, roomId: id });
  }

  /** Revokes all invites of the room. */
  @Delete('rooms/:id/invites')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  revokeAll(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<void> {
    return this.invites.revokeAll(principal, id);
  }

  /** Revokes an invite. */
  @Delete('rooms/:id/invites/:code')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  revoke(@CurrentUser() principal: Principal, @Param() { id, code }: RoomInviteParams): Promise<void> {
    return this.invites.revoke(principal, { roomId: id, code });
  }

  /** What one would join by an invite. */
  @Get('invites/:code')
  @Access('room.join')
  @Answer(HttpStatus.OK, invitePreview)
  preview(@CurrentUser() principal: Principal, @Param() { code }: InviteParams): Promise<InvitePreview> {
    return this.invitations.preview(principal, code);
  }

  /** Joins by an invite. */
  @Post('invites/:code/accept')
  @HttpCode(HttpStatus.OK)
  @Access('room.join')
  @Answer(HttpStatus.OK, memberRoomView)
  accept(@CurrentUser() principal: Principal, @Param() { code }: InviteParams): Promise<MemberRoomView> {
    return this.invitations.accept(principal, code);
  }
}
