import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { anyOf } from '../protocol/schema.js';
import {
  type FriendRequestView,
  type FriendView,
  type Page,
  friendRequestView,
  friendView,
  pageOf,
} from '../protocol/views.js';
import { FriendRequestsService } from './friend-requests.service.js';
import {
  AskFriendDto,
  FriendRequestParams,
  ListPeopleQuery,
  ListRequestsQuery,
  OtherUserParams,
  UpdateFriendDto,
} from './friends.dto.js';
import { FriendsService } from './friends.service.js';

const requestOrFriend = anyOf(friendRequestView, friendView);

@ApiTags('friends')
@Controller('friends')
export class FriendsController {
  constructor(
    private readonly friends: FriendsService,
    private readonly requests: FriendRequestsService,
  ) {}

  /** The caller's friends. */
  @Get()
  @Access('friend.read')
  @Answer(HttpStatus.OK, pageOf(friendView))
  list(@CurrentUser() principal: Principal, @Query() query: ListPeopleQuery): Promise<Page<FriendView>> {
    return this.friends.list(principal, query);
  }

  /** Requests that wait for an answer, newest first: of others to the caller, unless `direction` says otherwise. */
  @Get('requests')
  @Access('friend.read')
  @Answer(HttpStatus.OK, pageOf(friendRequestView))
  listRequests(
    @CurrentUser() principal: Principal,
    @Query() query: ListRequestsQuery,
  ): Promise<Page<FriendRequestView>> {
    return this.requests.list(principal, query);
  }

  /** Asks somebody to be friends: 201 with the request, or with the friend where he had asked already; then 200. */
  @Post('requests')
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat the same request; kept for 24 hours.',
  })
  @Access('friend.manage')
  @Answer(HttpStatus.CREATED, requestOrFriend)
  @Answer(HttpStatus.OK, requestOrFriend)
  async ask(
    @CurrentUser() principal: Principal,
    @Body() body: AskFriendDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FriendRequestView | FriendView> {
    const { view, created } = await this.requests.ask(principal, body, idempotencyKey);
    if (!created) reply.status(HttpStatus.OK);
    return view;
  }

  /** Says yes to a request. */
  @Post('requests/:id/accept')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('friend.manage')
  @Answer(HttpStatus.NO_CONTENT)
  accept(@CurrentUser() principal: Principal, @Param() { id }: FriendRequestParams): Promise<void> {
    return this.requests.accept(principal, id);
  }

  /** Says no to a request. */
  @Post('requests/:id/decline')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('friend.manage')
  @Answer(HttpStatus.NO_CONTENT)
  decline(@CurrentUser() principal: Principal, @Param() { id }: FriendRequestParams): Promise<void> {
    return this.requests.decline(principal, id);
  }

  /** Takes the caller's own request back. */
  @Delete('requests/:id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('friend.manage')
  @Answer(HttpStatus.NO_CONTENT)
  cancel(@CurrentUser() principal: Principal, @Param() { id }: FriendRequestParams): Promise<void> {
    return this.requests.cancel(principal, id);
  }

  /** Gives a friend a name that the caller alone sees. */
  @Patch(':userId')
  @Access('friend.manage')
  @Answer(HttpStatus.OK, friendView)
  update(
    @CurrentUser() principal: Principal,
    @Param() { userId }: OtherUserParams,
    @Body() { alias }: UpdateFriendDto,
  ): Promise<FriendView> {
    return this.friends.setAlias(principal, userId, alias);
  }

  /** Ends a friendship. */
  @Delete(':userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('friend.manage')
  @Answer(HttpStatus.NO_CONTENT)
  remove(@CurrentUser() principal: Principal, @Param() { userId }: OtherUserParams): Promise<void> {
    return this.friends.remove(principal, userId);
  }
}
