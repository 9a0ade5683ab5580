import { Body, Controller, Get, HttpStatus, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import {
  type OnlineView,
  type PresenceView,
  type PresencesView,
  onlineView,
  presenceView,
  presencesView,
} from '../protocol/views.js';
import { OnlineService } from './online.service.js';
import { OnlineParams, OnlineQuery, PresenceQuery, SetPresenceDto } from './presence.dto.js';
import { PresenceService } from './presence.service.js';

@ApiTags('presence')
@Controller()
export class PresenceController {
  constructor(
    private readonly presence: PresenceService,
    private readonly online: OnlineService,
  ) {}

  /** Several users' presence; those that do not exist are left out. */
  @Get('presence')
  @Access('user.read')
  @Answer(HttpStatus.OK, presencesView)
  async list(@CurrentUser() principal: Principal, @Query() { userIds }: PresenceQuery): Promise<PresencesView> {
    return { items: await this.presence.list(principal, userIds) };
  }

  /** How the caller is shown. `away` is about the connections of this login. */
  @Put('presence/me')
  @Access('account.use')
  @Answer(HttpStatus.OK, presenceView)
  set(@CurrentUser() principal: Principal, @Body() presence: SetPresenceDto): Promise<PresenceView> {
    return this.presence.setForLogin(principal, presence);
  }

  /** The members of a room who are here. */
  @Get('rooms/:id/online')
  @Access('room.read')
  @Answer(HttpStatus.OK, onlineView)
  listOnline(
    @CurrentUser() principal: Principal,
    @Param() { id }: OnlineParams,
    @Query() query: OnlineQuery,
  ): Promise<OnlineView> {
    return this.online.list(principal, { ...query, roomId: id });
  }
}
