import { AtMost, Flag, Nested, Nullable, Optional, QueryInt, Text, Ulid, Whole, Word } from '../common/validators.js';
import { HISTORY_STARTS, type HistoryStart } from '../protocol/room-views.js';

/** A day. */
const MAX_SLOW_SECONDS = 86_400;
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

/** How a room is run. What is left out stays. */
export class RoomSettingsDto {
  /** What a member waits between two messages; 0 switches it off. Admins and the owner do not wait. */
  @Optional() @Whole({ max: MAX_SLOW_SECONDS }) slowModeSeconds?: number;
  /** Only admins and the owner write. */
  @Optional() @Flag() readOnly?: boolean;
  /** What those see who join from now on: everything, or what comes from their joining on. */
  @Optional() @Word(...HISTORY_STARTS) history?: HistoryStart;
}

/** `PATCH /rooms/:id`. What is left out stays. */
export class UpdateRoomDto {
  @Optional() @Text(NAME) name?: string;
  /** Null clears it. */
  @Nullable() @Text(TOPIC) topic?: string | null;
  @Optional() @Word(...VISIBILITY) visibility?: (typeof VISIBILITY)[number];
  @Optional() @Nested(() => RoomSettingsDto) settings?: RoomSettingsDto;
}

/** `GET /rooms/:id/avatar`. */
export class RoomAvatarQuery {
  /** Width and height. */
  @Optional() @Word('64', '256') size: '64' | '256' = '256';
  /** The picture that `avatarUrl` names; that of a private room is only shown to who names it. */
  @Optional() @Text({ max: 26, line: true }) v?: string;
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
