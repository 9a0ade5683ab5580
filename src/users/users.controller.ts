import { Body, Controller, Get, HttpCode, HttpStatus, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { ChatError } from '../common/chat-error.js';
import { AppConfig } from '../config/app-config.js';
import { list, object } from '../protocol/schema.js';
import { type MeView, type Page, type UserView, meView, pageOf, userView } from '../protocol/views.js';
import { Directory } from './directory.service.js';
import { LookupUsersDto, SearchUsersQuery, UpdateMeDto, UserParams } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly config: AppConfig,
    private readonly users: UsersService,
    private readonly directory: Directory,
  ) {}

  /** The caller himself. */
  @Get('me')
  @Access('account.use')
  @Answer(HttpStatus.OK, meView)
  getMe(@CurrentUser() principal: Principal): Promise<MeView> {
    return this.users.getMe(principal);
  }

  /** Changes the caller's profile; what is left out stays, null clears. */
  @Patch('me')
  @Access('account.use')
  @Answer(HttpStatus.OK, meView)
  updateMe(@CurrentUser() principal: Principal, @Body() change: UpdateMeDto): Promise<MeView> {
    return this.users.updateMe(principal, change);
  }

  /** Active users by any part of the user name or the display name, best first. */
  @Get()
  @Access('user.read')
  @Answer(HttpStatus.OK, pageOf(userView))
  search(@CurrentUser() principal: Principal, @Query() query: SearchUsersQuery): Promise<Page<UserView>> {
    return this.directory.search(principal, query);
  }

  /** Several users by their ids, at most `limits.lookupIds` of `GET /config`. */
  @Post('lookup')
  @HttpCode(HttpStatus.OK)
  @Access('user.read')
  @Answer(HttpStatus.OK, object({ items: list(userView) }))
  async lookUp(@CurrentUser() principal: Principal, @Body() { ids }: LookupUsersDto): Promise<{ items: UserView[] }> {
    requireFew(ids, this.config.limits.lookupIds);
    return { items: await this.users.lookUp(principal, ids) };
  }

  /** One user. */
  @Get(':id')
  @Access('user.read')
  @Answer(HttpStatus.OK, userView)
  get(@CurrentUser() principal: Principal, @Param() { id }: UserParams): Promise<UserView> {
    return this.users.get(principal, id);
  }
}

function requireFew(ids: readonly string[], most: number): void {
  if (ids.length <= most) return;
  const errors = [{ path: 'ids', code: 'ulid', message: `must be a list of at most ${most} ULIDs` }];
  throw new ChatError('VALIDATION_FAILED', { errors });
}
