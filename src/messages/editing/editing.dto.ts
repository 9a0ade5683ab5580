import { AtMost, Optional, QueryInt, Text, Ulid, Whole } from '../../common/validators.js';
import type { DeleteMessage, EditMessage, ReactToMessage } from '../../protocol/commands.js';
import { TEXT_COLUMN } from '../messages.dto.js';
import { EMOJI_LENGTH } from './reaction.entity.js';

/** `PATCH /messages/:id`. */
export class PatchMessageDto {
  /** May be empty where the message has attachments. */
  @Text({ min: 0, max: TEXT_COLUMN }) text!: string;
  /** The `lastRev` that the author knows; where the message has another one, nothing is changed. */
  @Optional() @Whole() expectedRev?: number;
}

/** `message.edit`. */
export class EditMessageDto extends PatchMessageDto implements EditMessage {
  @Ulid() roomId!: string;
  @Ulid() id!: string;
}

/** `message.delete`. */
export class DeleteMessageDto implements DeleteMessage {
  @Ulid() roomId!: string;
  @Ulid() id!: string;
}

/** `message.react` and `message.unreact`. */
export class ReactDto implements ReactToMessage {
  @Ulid() roomId!: string;
  @Ulid() id!: string;
  @Text({ max: EMOJI_LENGTH, line: true }) emoji!: string;
}

/** A reaction in a path. */
export class ReactionParams {
  @Ulid() id!: string;
  @Text({ max: EMOJI_LENGTH, line: true }) emoji!: string;
}

/** `GET /rooms/:id/pins`, `GET /messages/:id/replies`. */
export class ListQuery {
  @Optional() @Text({ max: 200, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}
