import { Optional, Text, Time, Ulid, Word } from '../../common/validators.js';

/** The room and the user in a path. */
export class MemberParams {
  @Ulid() id!: string;
  @Ulid() userId!: string;
}

/** `PUT /rooms/:id/members/:userId`. Owner is nobody made by this: the room is handed over. */
export class PutMemberDto {
  @Optional() @Word('admin', 'member') role?: 'admin' | 'member';
}

/** `POST /rooms/:id/owner`. */
export class HandOverDto {
  @Ulid() userId!: string;
}

/** `PUT /rooms/:id/bans/:userId`. */
export class PutBanDto {
  @Optional() @Text({ max: 200, trim: true, line: true }) reason?: string;
  /** When the ban ends by itself; without it, never. */
  @Optional() @Time() until?: string;
}
