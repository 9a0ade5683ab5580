import { ApiProperty } from '@nestjs/swagger';
import { AtMost, Optional, QueryInt, Text, Time, Ulid, Word } from '../common/validators.js';
import { HAS, type Has } from './has.js';

/** `GET /search/messages`: something must be looked for, by `q`, `senderId` or `has`. */
export class SearchQuery {
  /** Words that must all occur; those in double quotes next to each other. May be left out beside `senderId` or `has`. */
  // The document cannot say where it may be left out, so it says what is always right.
  @ApiProperty({ required: true })
  @Optional()
  @Text({ max: 1000, line: true })
  @AtMost('searchLength')
  q?: string;
  /** In one room; else in all of the caller's. */
  @Optional() @Ulid() roomId?: string;
  @Optional() @Ulid() senderId?: string;
  /** `file`: any attachment; `image`: a picture; `link`: an address in the text. */
  @Optional() @Word(...HAS) has?: Has;
  /** Nothing before this time. */
  @Optional() @Time() from?: string;
  /** Nothing after this time. */
  @Optional() @Time() to?: string;
  @Optional() @Text({ max: 200, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}
