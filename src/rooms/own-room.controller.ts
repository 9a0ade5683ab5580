import { Body, Controller, Get, HttpStatus, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { type AbilitiesView, abilitiesView } from '../protocol/room-views.js';
import { type MemberRoomView, memberRoomView } from '../protocol/views.js';
import { AbilitiesService } from './abilities.service.js';
import { OwnSettingsDto } from './members/members.dto.js';
import { OwnSettingsService } from './members/own-settings.service.js';
import { RoomParams } from './rooms.dto.js';

/** What in a room concerns the caller alone. */
@ApiTags('rooms')
@Controller('rooms/:id')
export class OwnRoomController {
  constructor(
    private readonly abilities: AbilitiesService,
    private readonly settings: OwnSettingsService,
  ) {}

  /** What the caller may do in the room: each action, or why not, and until when. */
  @Get('abilities')
  @Access('room.read')
  @Answer(HttpStatus.OK, abilitiesView)
  getAbilities(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<AbilitiesView> {
    return this.abilities.get(principal, id);
  }

  /** Changes what the caller hears of the room, and what he calls it. */
  @Patch('me')
  @Access('room.read')
  @Answer(HttpStatus.OK, memberRoomView)
  update(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Body() settings: OwnSettingsDto,
  ): Promise<MemberRoomView> {
    return this.settings.update(principal, id, settings);
  }
}
