import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentUser } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { Answer } from '../../common/answer.decorator.js';
import {
  type MemberRoomView,
  type MemberView,
  type Page,
  memberRoomView,
  memberView,
  pageOf,
} from '../../protocol/views.js';
import { PageQuery, RoomParams } from '../rooms.dto.js';
import { JoinsService } from './joins.service.js';
import { HandOverDto, MemberParams, PutMemberDto } from './members.dto.js';
import { MemberLists } from './member-lists.service.js';
import { MembersService } from './members.service.js';

@ApiTags('members')
@Controller('rooms/:id')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly lists: MemberLists,
    private readonly joins: JoinsService,
  ) {}

  /** Joins a public room. */
  @Post('join')
  @HttpCode(HttpStatus.OK)
  @Access('room.join')
  @Answer(HttpStatus.OK, memberRoomView)
  join(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<MemberRoomView> {
    return this.joins.join(principal, id);
  }

  /** Leaves the room. */
  @Post('leave')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.join')
  @Answer(HttpStatus.NO_CONTENT)
  leave(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<void> {
    return this.joins.leave(principal, id);
  }

  /** Makes another member the owner. */
  @Post('owner')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  handOver(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Body() { userId }: HandOverDto,
  ): Promise<void> {
    return this.members.handOver(principal, { roomId: id, userId });
  }

  /** The members; those whom the caller has blocked are marked. */
  @Get('members')
  @Access('room.read')
  @Answer(HttpStatus.OK, pageOf(memberView))
  list(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Query() query: PageQuery,
  ): Promise<Page<MemberView>> {
    return this.lists.list(principal, { ...query, roomId: id });
  }

  /** Adds a user (201), changes a member's role or mutes him (200). */
  @Put('members/:userId')
  @Access('room.manage')
  @Answer(HttpStatus.OK, memberView)
  @Answer(HttpStatus.CREATED, memberView)
  async put(
    @CurrentUser() principal: Principal,
    @Param() { id, userId }: MemberParams,
    @Body() ask: PutMemberDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    const { member, added } = await this.members.put(principal, { ...ask, roomId: id, userId });
    reply.status(added ? HttpStatus.CREATED : HttpStatus.OK);
    return member;
  }

  /** Removes a member. */
  @Delete('members/:userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  remove(@CurrentUser() principal: Principal, @Param() { id, userId }: MemberParams): Promise<void> {
    return this.members.remove(principal, { roomId: id, userId });
  }
}
