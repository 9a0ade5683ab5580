import { Injectable } from '@nestjs/common';
import { FriendsQueries } from '../friends/friends.queries.js';

/** Whether a viewer may not know how a user is. */
export type IsHidden = (viewerId: string, userId: string) => boolean;

/**
 * Who may see whom: anybody whom he likes, unless one of the two has blocked the other. Who is invisible is no matter of
 * this: nobody sees him.
 */
@Injectable()
export class PresenceAccess {
  constructor(private readonly friends: FriendsQueries) {}

  /** Between any of these viewers and any of these users. */
  async between(viewerIds: readonly string[], userIds: readonly string[]): Promise<IsHidden> {
    // Blocks go both ways, so those of the fewer tell all.
    const blocks = await this.friends.blocksOfAll(viewerIds.length < userIds.length ? viewerIds : userIds);
    if (blocks.size === 0) return () => false;
    const hidden = new Set([...blocks].flatMap(([id, others]) => others.flatMap((other) => [id + other, other + id])));
    return (viewerId, userId) => hidden.has(viewerId + userId);
  }
}
