import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, CurrentUser, Public } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { AnswersPicture, sendPicture } from '../media/picture-answer.js';
import { TakesFile } from '../media/upload.decorator.js';
import { type MeView, meView } from '../protocol/views.js';
import { Avatars } from './avatars.service.js';
import { AvatarQuery, UserParams } from './users.dto.js';

@ApiTags('users')
@Controller('users')
export class AvatarsController {
  constructor(private readonly avatars: Avatars) {}

  /** A user's picture, or a made-up one; without a token, since `<img>` sends none. */
  @Get(':id/avatar')
  @Public({ counted: true, rate: 'pictures' })
  @AnswersPicture()
  async read(
    @Param() { id }: UserParams,
    @Query() { size, v }: AvatarQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return sendPicture(reply, await this.avatars.read(id, { size: size === '64' ? 64 : 256, version: v }));
  }

  /** Sets the caller's picture: JPEG, PNG, WebP, GIF or AVIF, at most `limits.pictureBytes` of `GET /config`. */
  @Put('me/avatar')
  @Access('account.use')
  @TakesFile()
  @Answer(HttpStatus.OK, meView)
  set(@CurrentUser() principal: Principal, @Req() request: FastifyRequest): Promise<MeView> {
    return this.avatars.set(principal, request);
  }

  /** Removes the caller's picture; a made-up one stands in its place. */
  @Delete('me/avatar')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('account.use')
  @Answer(HttpStatus.NO_CONTENT)
  remove(@CurrentUser() principal: Principal): Promise<void> {
    return this.avatars.remove(principal);
  }
}
