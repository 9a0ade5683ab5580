import { AtMost, Flag, Nested, Optional, Text, Ulid, Whole, Word, rule } from '../common/validators.js';
import type { RoomTarget, SessionStart } from '../protocol/commands.js';
import { isUlid } from '../protocol/ulid.js';

/** A token is longer than this only by mistake. */
const TOKEN_LENGTH = 4096;

/** Where a client stands. */
export class CursorDto {
  @Optional() @Text({ max: 64, line: true }) epoch?: string;
  @Optional() @Whole() userRev?: number;
  /** The last rev applied, by room id. */
  @Optional()
  @rule({ code: 'rooms', message: 'must map room ids to revs', test: isRoomMap })
  @AtMost('cursorRooms')
  rooms?: Record<string, number>;
}

/** `session.start`. */
export class SessionStartDto implements SessionStart {
  @Optional() @Text({ max: TOKEN_LENGTH, line: true }) token?: string;
  @Optional() @Text({ max: TOKEN_LENGTH, line: true }) ticket?: string;
  @Optional() @Text({ max: 100, line: true }) device?: string;
  @Optional() @Nested(() => CursorDto) cursor?: CursorDto;
  @Optional() @Ulid({ each: true }) @AtMost('startRooms') open?: string[];
  @Optional() @Word('all', 'open') follow?: 'all' | 'open';
  @Optional() @Ulid({ each: true }) @AtMost('presenceWatches') watch?: string[];
  @Optional() @Flag() batch?: boolean;
}

/** `session.refresh`. */
export class SessionRefreshDto {
  @Text({ max: TOKEN_LENGTH, line: true }) token!: string;
}

/** A command without data. */
export class NothingDto {}

/** `room.open` and `room.close`. */
export class RoomTargetDto implements RoomTarget {
  @Ulid() roomId!: string;
}

function isRoomMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([roomId, rev]) => isUlid(roomId) && Number.isSafeInteger(rev) && rev >= 0);
}
