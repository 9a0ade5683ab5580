import { Nullable, Ulid, Whole } from '../../common/validators.js';

const MAX_USES = 100_000;
/** A year. */
const MAX_SECONDS = 31_536_000;

/** `POST /rooms/:id/invites`. */
export class CreateInviteDto {
  /** How many may come in by it; null or nothing: as many as come. */
  @Nullable() @Whole({ min: 1, max: MAX_USES }) maxUses?: number | null;
  /** After how long it ends; null or nothing: never. */
  @Nullable() @Whole({ min: 1, max: MAX_SECONDS }) expiresInSeconds?: number | null;
}

/** The code in a path. */
export class InviteParams {
  @Ulid() code!: string;
}

/** The room and the code in a path. */
export class RoomInviteParams {
  @Ulid() id!: string;
  @Ulid() code!: string;
}
