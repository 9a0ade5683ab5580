import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import { EventHub } from '../events/event-hub.js';
import type { PrivateEvent } from '../protocol/events.js';
import { UserRevs } from '../users/user-revs.service.js';

/** An event for one user. */
export interface News {
  readonly userId: string;
  readonly data: object;
}

/** Private events of friends and blocks. */
@Injectable()
export class FriendNews {
  constructor(
    private readonly revs: UserRevs,
    private readonly hub: EventHub,
  ) {}

  /** Gives each of the users, who are locked already, his next `userRev`, and tells his connections after the commit. */
  async tell(tx: Tx, event: Exclude<PrivateEvent, 'room.added'>, news: readonly News[]): Promise<void> {
    const revs = await this.revs.advance(
      tx,
      news.map(({ userId }) => userId),
    );
    for (const { userId, data } of news) {
      const userRev = revs.get(userId);
      if (userRev !== undefined) await this.hub.emit(tx, 'UserChanged', { userId, userRev, event, data });
    }
  }
}
