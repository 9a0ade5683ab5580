import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { FriendsQueries } from '../friends/friends.queries.js';
import type { MessageView } from '../protocol/views.js';
import type { MemberHead } from '../rooms/room.queries.js';

/**
 * Marks messages of people whom the reader has blocked, so that clients can fold them. Who has blocked nobody pays
 * nothing: that is known from the read of his membership.
 */
@Injectable()
export class BlockedMarks {
  constructor(private readonly friends: FriendsQueries) {}

  /** The same messages; those of blocked senders with `blocked`. */
  async mark(
    { principal, head }: { readonly principal: Principal; readonly head: MemberHead },
    views: readonly MessageView[],
  ): Promise<readonly MessageView[]> {
    if (!head.hasBlocks) return views;
    const senders = views.flatMap(({ kind, senderId }) => (kind === 'text' && senderId !== null ? [senderId] : []));
    const blocked = await this.friends.blockedBy(principal.userId, senders);
    if (blocked.size === 0) return views;
    const isBlocked = ({ kind, senderId }: MessageView) =>
      kind === 'text' && senderId !== null && blocked.has(senderId);
    return views.map((view) => (isBlocked(view) ? { ...view, blocked: true } : view));
  }
}
