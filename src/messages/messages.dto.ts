import { ApiProperty } from '@nestjs/swagger';
import { AtMost, Flag, Optional, QueryInt, Text, Ulid, Whole, rule } from '../common/validators.js';
import { isUlid } from '../protocol/ulid.js';
import type { ListChanges, ReadRoom, SendMessage } from '../protocol/commands.js';

/** What a column of MySQL holds at four bytes a character; `limits.textLength` is checked in the service. */
export const TEXT_COLUMN = 16_383;

/** What a message has, however it is sent. */
class MessageFields {
  /** May be left out where the message has something else. */
  @Optional() @Text({ max: TEXT_COLUMN, min: 0 }) text?: string;
  /** The message of this room that it answers to. */
  @Optional() @Ulid() replyToId?: string;
  /** Members it speaks to, by their ids; `all` alone is everybody. */
  @Optional()
  @ApiProperty({ type: 'array', items: { type: 'string', pattern: '^([0-7][0-9A-HJKMNP-TV-Z]{25}|all)$' } })
  @rule({ code: 'mentions', message: 'must be a list of user ids, or of `all` alone', test: areMentions })
  @AtMost('mentions')
  mentions?: string[];
  /** Uploads of the sender's that go with it, in this order. */
  @Optional() @Ulid({ each: true }) @AtMost('attachmentsPerMessage') attachmentIds?: string[];
  /** The message that is copied as it is now, with its attachments; in the place of everything else. */
  @Optional() @Ulid() forwardOf?: string;
}

/** `message.send`. */
export class SendMessageDto extends MessageFields implements SendMessage {
  @Ulid() roomId!: string;
  /** A ULID of the sender's making: the idempotency key, for ever. */
  @Ulid() id!: string;
}

/** `POST /rooms/:id/messages`. */
export class PostMessageDto extends MessageFields {
  /** A ULID of the sender's making: the idempotency key, for ever. May stand in `Idempotency-Key` instead. */
  @Optional() @Ulid() id?: string;
}

/** The id in a path. */
export class IdParams {
  @Ulid() id!: string;
}

/** `GET /rooms/:id/messages`: at most one of the places. */
export class HistoryQuery {
  /** Messages below this rev. */
  @Optional() @QueryInt() before?: number;
  /** Messages above this rev. */
  @Optional() @QueryInt() after?: number;
  /** Messages on both sides of this rev. */
  @Optional() @QueryInt() around?: number;
  /** Messages from this time on. */
  @Optional()
  @rule({ code: 'time', message: 'must be a time such as 2026-01-31T12:00:00.000Z', test: isTime })
  at?: string;
  @Optional() @Text({ max: 200, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}

/** `GET /rooms/:id/changes`. */
export class ChangesQuery {
  @QueryInt() since!: number;
  @Optional() @QueryInt({ min: 1 }) @AtMost('changesPage') limit?: number;
}

/** `GET /rooms/:id/integrity`. */
export class IntegrityQuery {
  /** The first rev. */
  @Optional() @QueryInt() from?: number;
  /** The last rev. */
  @Optional() @QueryInt() to?: number;
}

/** `room.changes`. */
export class ListChangesDto implements ListChanges {
  @Ulid() roomId!: string;
  @Whole() since!: number;
  @Optional() @Whole({ min: 1 }) @AtMost('changesPage') limit?: number;
}

/** `POST /rooms/:id/read`. */
export class ReadDto {
  @Whole() readSeq!: number;
  /** Up to where the client has received, which others are told; what is read counts as received. */
  @Optional() @Whole() deliveredSeq?: number;
  @Optional() @Flag() unread?: boolean;
  @Optional() @Whole() readVersion?: number;
}

/** `room.read`. */
export class ReadRoomDto extends ReadDto implements ReadRoom {
  @Ulid() roomId!: string;
}

/** RFC 3339 with an offset; seconds may have a fraction. */
function isTime(value: unknown): boolean {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  return typeof value === 'string' && pattern.test(value) && !Number.isNaN(Date.parse(value));
}

function areMentions(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return (value.length === 1 && value[0] === 'all') || value.every(isUlid);
}
