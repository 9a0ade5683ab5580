import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, CurrentUser, Public } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { Answer } from '../../common/answer.decorator.js';
import { AnswersPicture, sendPicture } from '../../media/picture-answer.js';
import { TakesFile } from '../../media/upload.decorator.js';
import { type MemberRoomView, memberRoomView } from '../../protocol/views.js';
import { RoomAvatarQuery, RoomParams } from '../rooms.dto.js';
import { RoomAvatars } from './room-avatars.service.js';

@ApiTags('rooms')
@Controller('rooms/:id/avatar')
export class RoomAvatarsController {
  constructor(private readonly avatars: RoomAvatars) {}

  /** A room's picture, or a made-up one; without a token, since `<img>` sends none. */
  @Get()
  @Public({ counted: true, rate: 'pictures' })
  @AnswersPicture()
  async read(
    @Param() { id }: RoomParams,
    @Query() { size, v }: RoomAvatarQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendPicture(reply, await this.avatars.read(id, { size: size === '64' ? 64 : 256, version: v }));
  }

  /** Sets the room's picture: JPEG, PNG, WebP, GIF or AVIF, at most `limits.pictureBytes` of `GET /config`. */
  @Put()
  @Access('room.manage')
  @TakesFile()
  @Answer(HttpStatus.OK, memberRoomView)
  set(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Req() request: FastifyRequest,
  ): Promise<MemberRoomView> {
    return this.avatars.set(principal, id, request);
  }

  /** Removes the room's picture; a made-up one stands in its place. */
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  remove(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<void> {
    return this.avatars.remove(principal, id);
  }
}
