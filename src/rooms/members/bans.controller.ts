import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { Answer } from '../../common/answer.decorator.js';
import { type BanView, type Page, banView, pageOf } from '../../protocol/views.js';
import { PageQuery, RoomParams } from '../rooms.dto.js';
import { BansService } from './bans.service.js';
import { MemberParams, PutBanDto } from './members.dto.js';

@ApiTags('members')
@Controller('rooms/:id/bans')
export class BansController {
  constructor(private readonly bans: BansService) {}

  /** The bans in force. */
  @Get()
  @Access('room.manage')
  @Answer(HttpStatus.OK, pageOf(banView))
  list(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Query() query: PageQuery,
  ): Promise<Page<BanView>> {
    return this.bans.list(principal, { ...query, roomId: id });
  }

  /** Bans a user; a member is removed by it. */
  @Put(':userId')
  @Access('room.manage')
  @Answer(HttpStatus.OK, banView)
  ban(
    @CurrentUser() principal: Principal,
    @Param() { id, userId }: MemberParams,
    @Body() ask: PutBanDto,
  ): Promise<BanView> {
    return this.bans.ban(principal, { ...ask, roomId: id, userId });
  }

  /** Ends a ban. */
  @Delete(':userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  unban(@CurrentUser() principal: Principal, @Param() { id, userId }: MemberParams): Promise<void> {
    return this.bans.unban(principal, { roomId: id, userId });
  }
}
