import { Body, Controller, Get, Headers, HttpCode, HttpStatus, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { anyOf } from '../protocol/schema.js';
import { type MemberRoomView, type Page, type RoomView, memberRoomView, pageOf, roomView } from '../protocol/views.js';
import { DirectRooms, type OpenedRoom } from './direct-rooms.service.js';
import { RoomCreation } from './room-creation.service.js';
import {
  CreateRoomDto,
  OpenDirectRoomDto,
  PageQuery,
  PublicRoomsQuery,
  RoomParams,
  UpdateRoomDto,
} from './rooms.dto.js';
import { RoomsService } from './rooms.service.js';

@ApiTags('rooms')
@Controller('rooms')
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly creation: RoomCreation,
    private readonly directRooms: DirectRooms,
  ) {}

  /** Makes a group room with the caller as its owner. Repeated with the same key: 200 with the same room. */
  @Post()
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat the same room; kept for 24 hours.',
  })
  @Access('room.create')
  @Answer(HttpStatus.CREATED, memberRoomView)
  @Answer(HttpStatus.OK, memberRoomView)
  async create(
    @CurrentUser() principal: Principal,
    @Body() draft: CreateRoomDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberRoomView> {
    return answer(reply, await this.creation.create(principal, draft, idempotencyKey));
  }

  /** The one room of the caller and another user: 201 when it is made, then 200 for ever. */
  @Post('direct')
  @Access('room.create')
  @Answer(HttpStatus.CREATED, memberRoomView)
  @Answer(HttpStatus.OK, memberRoomView)
  async openDirect(
    @CurrentUser() principal: Principal,
    @Body() { userId }: OpenDirectRoomDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberRoomView> {
    return answer(reply, await this.directRooms.open(principal, userId));
  }

  /** The caller's rooms, with counters. */
  @Get()
  @Access('room.read')
  @Answer(HttpStatus.OK, pageOf(memberRoomView))
  list(@CurrentUser() principal: Principal, @Query() query: PageQuery): Promise<Page<MemberRoomView>> {
    return this.rooms.list(principal, query);
  }

  /** Public rooms, by how their names begin. */
  @Get('public')
  @Access('room.read')
  @Answer(HttpStatus.OK, pageOf(roomView))
  listPublic(@CurrentUser() principal: Principal, @Query() query: PublicRoomsQuery): Promise<Page<RoomView>> {
    return this.rooms.listPublic(principal, query);
  }

  /** One room; with counters for its members. */
  @Get(':id')
  @Access('room.read')
  @Answer(HttpStatus.OK, anyOf(memberRoomView, roomView))
  get(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<MemberRoomView | RoomView> {
    return this.rooms.get(principal, id);
  }

  /** Changes name, topic, visibility or settings. */
  @Patch(':id')
  @Access('room.manage')
  @Answer(HttpStatus.OK, memberRoomView)
  update(
    @CurrentUser() principal: Principal,
    @Param() { id }: RoomParams,
    @Body() fields: UpdateRoomDto,
  ): Promise<MemberRoomView> {
    return this.rooms.update(principal, id, fields);
  }

  /** Ends all writing in the room. */
  @Post(':id/archive')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  archive(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<void> {
    return this.rooms.archive(principal, id);
  }

  /** Opens an archived room again. */
  @Post(':id/unarchive')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('room.manage')
  @Answer(HttpStatus.NO_CONTENT)
  unarchive(@CurrentUser() principal: Principal, @Param() { id }: RoomParams): Promise<void> {
    return this.rooms.unarchive(principal, id);
  }
}

function answer(reply: FastifyReply, { room, created }: OpenedRoom): MemberRoomView {
  reply.status(created ? HttpStatus.CREATED : HttpStatus.OK);
  return room;
}
