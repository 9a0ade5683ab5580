import { AtMost, Nullable, Optional, QueryInt, Text, Ulid, Word } from '../common/validators.js';
import type { Direction } from './friendship.queries.js';

/** The other user in a path. */
export class OtherUserParams {
  @Ulid() userId!: string;
}

/** The request in a path. */
export class FriendRequestParams {
  @Ulid() id!: string;
}

/** `POST /friends/requests`. */
export class AskFriendDto {
  @Ulid() userId!: string;
  /** A note that goes with the request. */
  @Optional() @Text({ max: 500, trim: true }) message?: string;
}

/** `PATCH /friends/:userId`: what is absent stays. */
export class UpdateFriendDto {
  /** What the caller calls this friend, for himself alone; null clears it. */
  @Nullable() @Text({ max: 64, trim: true, line: true }) alias?: string | null;
}

/** `GET /friends` and `GET /blocks`. */
export class ListPeopleQuery {
  /** `next` of the page before. */
  @Optional() @Text({ max: 200, line: true }) cursor?: string;
  @Optional() @QueryInt({ min: 1 }) @AtMost('page') limit: number = 50;
}

/** `GET /friends/requests`. */
export class ListRequestsQuery extends ListPeopleQuery {
  /** Whether others asked the caller, or he asked them. */
  @Optional() @Word('incoming', 'outgoing') direction: Direction = 'incoming';
}
