import { Injectable } from '@nestjs/common';
import { ChatError } from '../common/chat-error.js';
import { Clock } from '../common/clock.js';
import type { Tx } from '../database/tx.js';
import { EventHub } from '../events/event-hub.js';
import type { MeView } from '../protocol/views.js';
import { moveNames } from './user-name-rows.js';
import { UserRevs } from './user-revs.service.js';
import { User } from './user.entity.js';
import { toMeView } from './user.view.js';

/** What of a user's row a change of his profile sets. */
export type ProfileColumns = Partial<Omit<User, 'id' | 'preferences' | 'rev' | 'status'>>;

/** A user before and after a change of his profile. */
export interface ChangedProfile {
  readonly before: User;
  readonly view: MeView;
}

const STATUS_COLUMNS = ['statusText', 'statusEmoji', 'presence'] as const;

/** Changes what a user shows of himself. */
@Injectable()
export class OwnProfile {
  constructor(
    private readonly clock: Clock,
    private readonly revs: UserRevs,
    private readonly hub: EventHub,
  ) {}

  /**
   * Locks the user, sets what `columnsOf` says, keeps the directory in step and tells `profile.updated` to his
   * connections, in this transaction; where his status or what he is shown as may have changed, also `StatusChanged`.
   *
   * @throws ChatError `UNAUTHORIZED` where the account has ended while the request was on its way
   */
  async change(tx: Tx, userId: string, columnsOf: (user: User) => ProfileColumns): Promise<ChangedProfile> {
    const revs = await this.revs.advance(tx, [userId]);
    const before = await tx.manager.findOneByOrFail(User, { id: userId });
    if (before.status !== 'active') throw new ChatError('UNAUTHORIZED');
    const columns = columnsOf(before);
    if (Object.keys(columns).length > 0) await tx.manager.update(User, { id: userId }, columns);
    const userRev = revs.get(userId) ?? before.rev;
    const after: User = { ...before, ...columns, rev: userRev };
    await moveNames(tx, userId, { before, after });
    const view = toMeView(after, this.clock.now());
    await this.hub.emit(tx, 'UserChanged', { userId, userRev, event: 'profile.updated', data: view });
    if (STATUS_COLUMNS.some((column) => column in columns)) {
      await this.hub.emit(tx, 'StatusChanged', { userId, userRev, presence: view.presence });
    }
    return { before, view };
  }
}
