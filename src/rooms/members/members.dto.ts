import { Nullable, Optional, Text, Time, Ulid, Word } from '../../common/validators.js';

const NOTIFY = ['all', 'mentions', 'none'] as const;

/** The room and the user in a path. */
export class MemberParams {
  @Ulid() id!: string;
  @Ulid() userId!: string;
}

/** `PUT /rooms/:id/members/:userId`. Owner is nobody made by this: the room is handed over. */
export class PutMemberDto {
  @Optional() @Word('admin', 'member') role?: 'admin' | 'member';
  /** Until when the member may not write; null lets him write again. Of members alone: it adds nobody. */
  @Nullable() @Time() mutedUntil?: string | null;
}

/** `POST /rooms/:id/owner`. */
export class HandOverDto {
  @Ulid() userId!: string;
}

/** `PATCH /rooms/:id/me`. What is left out stays. */
export class OwnSettingsDto {
  /** What of the room the caller is notified of. */
  @Optional() @Word(...NOTIFY) notify?: (typeof NOTIFY)[number];
  /** Until when he is notified of nothing; null ends it. */
  @Nullable() @Time() mutedUntil?: string | null;
  /** What he calls the room; null clears it. */
  @Nullable() @Text({ max: 64, trim: true, line: true }) alias?: string | null;
}

/** `PUT /rooms/:id/bans/:userId`. */
export class PutBanDto {
  @Optional() @Text({ max: 200, trim: true, line: true }) reason?: string;
  /** When the ban ends by itself; without it, never. */
  @Optional() @Time() until?: string;
}
