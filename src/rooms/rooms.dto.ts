import { AtMost, Nullable, Optional, QueryInt, Text, Ulid, Word } from '../common/validators.js';

const NAME = { max: 100, trim: true, line: true };
const TOPIC = { max: 1000, trim: true };
const VISIBILITY = ['public', 'private'] as const;

/** The room in a path. */
export class RoomParams {
  @Ulid() id!: string;
}

/** `POST /rooms`. */
export class CreateRoomDto {
  @Text(NAME) name!: string;
  @Nullable() @Text(TOPIC) topic?: string | null;
  /** Public rooms are listed, and everybody may join them. */
  @Word(...VISIBILITY) visibility!: (typeof VISIBILITY)[number];
  /** Members from the start, beside the creator; at most `limits.createMembers`. */
  @Optional() @Ulid({ each: true }) memberIds?: string[];
}

/** `POST /rooms/direct`. */
export class OpenDirectRoomDto {
  /** The other one; one's own id gives the room of notes to oneself. */
  @Ulid() userId!: string;
}

/** `PATCH /rooms/:id`. What is left out stays. */
export class UpdateRoomDto {
  @Optional() @Text(NAME) name?: string;
  /** Null clears it. */
  @Nullable() @Text(TOPIC) topic?: string | null;
  @Optional() @Word(...VISIBILITY) visibility?: (typeof VISIBILITY)[number];
}

/** A page of a list. */
export class PageQuery {
  /** `next` of the page before. */
  @Optional() @Text({ max: 1024, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}

/** `GET /rooms/public`. */
export class PublicRoomsQuery extends PageQuery {
  /** How the name begins, without regard to case. */
  @Optional() @Text({ max: 100, min: 0, line: true }) query?: string;
}
