import { Controller, Get, HttpStatus, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentUser } from '../access/access.decorators.js';
import type { Principal } from '../access/principal.js';
import { Answer } from '../common/answer.decorator.js';
import { AtMost, Optional, QueryInt, Text } from '../common/validators.js';
import { type SyncView, syncView } from '../protocol/views.js';
import { SyncService } from './sync.service.js';

/** `GET /sync`. */
export class SyncQuery {
  @Optional() @Text({ max: 200, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}

@ApiTags('sync')
@Controller('sync')
export class SyncController {
  constructor(private readonly sync: SyncService) {}

  /** All private state of the caller: where he stands, and his rooms with counters. */
  @Get()
  @Access('account.use')
  @Answer(HttpStatus.OK, syncView)
  read(@CurrentUser() principal: Principal, @Query() query: SyncQuery): Promise<SyncView> {
    return this.sync.read(principal, query);
  }
}
