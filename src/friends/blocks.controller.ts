import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { type BlockView, type Page, blockView, pageOf } from '../protocol/views.js';
import { BlocksService } from './blocks.service.js';
import { ListPeopleQuery, OtherUserParams } from './friends.dto.js';

@ApiTags('friends')
@Controller('blocks')
export class BlocksController {
  constructor(private readonly blocks: BlocksService) {}

  /** Whom the caller has blocked. */
  @Get()
  @Access('block.manage')
  @Answer(HttpStatus.OK, pageOf(blockView))
  list(@CurrentUser() principal: Principal, @Query() query: ListPeopleQuery): Promise<Page<BlockView>> {
    return this.blocks.list(principal, query);
  }

  /** Blocks a user; from the answer on neither writes to the other directly. */
  @Put(':userId')
  @Access('block.manage')
  @Answer(HttpStatus.OK, blockView)
  block(@CurrentUser() principal: Principal, @Param() { userId }: OtherUserParams): Promise<BlockView> {
    return this.blocks.block(principal, userId);
  }

  /** Ends a block. */
  @Delete(':userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access('block.manage')
  @Answer(HttpStatus.NO_CONTENT)
  unblock(@CurrentUser() principal: Principal, @Param() { userId }: OtherUserParams): Promise<void> {
    return this.blocks.unblock(principal, userId);
  }
}
