import { Controller, Get, HttpStatus, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { type SearchView, searchView } from '../protocol/search-views.js';
import { SearchQuery } from './search.dto.js';
import { SearchService } from './search.service.js';

@ApiTags('messages')
@Controller('search')
export class SearchController {
  constructor(private readonly search: SearchService) {}

  /** Messages of the caller's rooms, the newest first. */
  @Get('messages')
  @Access('message.read')
  @Answer(HttpStatus.OK, searchView)
  find(@CurrentUser() principal: Principal, @Query() query: SearchQuery): Promise<SearchView> {
    return this.search.find(principal, query);
  }
}
