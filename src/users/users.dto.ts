import { AtMost, Email, Nested, Nullable, Optional, QueryInt, Text, Time, Ulid, Word } from '../common/validators.js';

/** The id in a path. */
export class UserParams {
  @Ulid() id!: string;
}

/** A status; null clears a part. */
export class StatusDto {
  @Nullable() @Text({ max: 140, trim: true, line: true }) text?: string | null;
  @Nullable() @Text({ max: 16, line: true }) emoji?: string | null;
  @Nullable() @Time() expiresAt?: string | null;
}

/** `PATCH /users/me`: what is absent stays. */
export class UpdateMeDto {
  @Optional() @Text({ max: 64, trim: true, line: true }) displayName?: string;
  @Nullable() @Text({ max: 1000, trim: true }) bio?: string | null;
  @Nullable() @Email() email?: string | null;
  @Nullable() @Nested(() => StatusDto) status?: StatusDto | null;
}

/** `GET /users/:id/avatar`. */
export class AvatarQuery {
  /** Width and height. */
  @Optional() @Word('64', '256') size: '64' | '256' = '256';
  /** The picture that `avatarUrl` named: as long as it is the present one, it need not be asked for again for a while. */
  @Optional() @Text({ max: 26, line: true }) v?: string;
}

/** `GET /users`. */
export class SearchUsersQuery {
  @Text({ max: 64, trim: true, line: true }) query!: string;
  @Optional() @Text({ max: 1000, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}

/** `POST /users/lookup`. */
export class LookupUsersDto {
  /** At most `limits.lookupIds`. */
  @Ulid({ each: true }) ids!: string[];
}
