import {
  AtMost,
  Flag,
  Nullable,
  Optional,
  QueryInt,
  QueryUlids,
  Text,
  Time,
  Ulid,
  Word,
} from '../common/validators.js';
import type { SetPresence, TellTyping, UserTargets } from '../protocol/commands.js';

/** `presence.set` and `PUT /presence/me`. */
export class SetPresenceDto implements SetPresence {
  @Word('online', 'away', 'busy', 'invisible') state!: SetPresence['state'];
  @Nullable() @Text({ max: 140, trim: true, line: true }) text?: string | null;
  @Nullable() @Text({ max: 16, line: true }) emoji?: string | null;
  @Nullable() @Time() expiresAt?: string | null;
}

/** `room.typing`. */
export class TellTypingDto implements TellTyping {
  @Ulid() roomId!: string;
  @Flag() typing!: boolean;
}

/** `presence.watch` and `presence.unwatch`. */
export class UserTargetsDto implements UserTargets {
  @Ulid({ each: true }) @AtMost('presenceWatches') userIds!: string[];
}

/** `GET /presence`. */
export class PresenceQuery {
  /** Ids with commas between them. */
  @QueryUlids() @AtMost('lookupIds') userIds!: string[];
}

/** The room in a path. */
export class OnlineParams {
  @Ulid() id!: string;
}

/** `GET /rooms/:id/online`. */
export class OnlineQuery {
  @Optional() @Text({ max: 200, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}
