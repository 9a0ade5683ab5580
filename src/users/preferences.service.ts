import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { ChatError } from '../common/chat-error.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { EventHub } from '../events/event-hub.js';
import type { PreferencesView } from '../protocol/views.js';
import { PreferencesQueries } from './preferences.queries.js';
import { toPreferencesView } from './preferences.view.js';
import { UserRevs } from './user-revs.service.js';

/** What somebody chooses for himself. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly revs: UserRevs,
    private readonly hub: EventHub,
    private readonly queries: PreferencesQueries,
  ) {}

  /** The caller's preferences, with defaults for what he has not chosen. */
  async get({ userId }: Principal): Promise<PreferencesView> {
    return (await this.queries.of([userId])).get(userId) ?? toPreferencesView({});
  }

  /**
   * Chooses anew; what is left out stays. Where something differs, `preferences.updated` goes to the caller's
   * connections and `PreferencesChanged` is told, also inside the transaction.
   *
   * @throws ChatError `UNAUTHORIZED` where the account has ended while the request was on its way
   */
  update({ userId }: Principal, { contact, receipts }: Partial<PreferencesView>): Promise<PreferencesView> {
    return this.uow.run(async (tx) => {
      const active = await this.revs.lock(tx, [userId]);
      if (!active.has(userId)) throw new ChatError('UNAUTHORIZED');
      const before = (await this.queries.in(tx, [userId])).get(userId) ?? toPreferencesView({});
      const after = { contact: contact ?? before.contact, receipts: receipts ?? before.receipts };
      if (after.contact === before.contact && after.receipts === before.receipts) return before;
      await tx.execute('UPDATE users SET preferences = ? WHERE id = ?', [JSON.stringify(after), userId]);
      const userRev = (await this.revs.advance(tx, [userId])).get(userId) ?? 0;
      await this.hub.emit(tx, 'UserChanged', { userId, userRev, event: 'preferences.updated', data: after });
      await this.hub.emit(tx, 'PreferencesChanged', { userId, before, after });
      return after;
    });
  }
}
