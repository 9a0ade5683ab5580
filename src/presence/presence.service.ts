import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { EventHub } from '../events/event-hub.js';
import type { SetPresence } from '../protocol/commands.js';
import type { PresenceChoice, PresenceView } from '../protocol/views.js';
import { type ProfileChange, UsersService } from '../users/users.service.js';
import { type IsHidden, PresenceAccess } from './presence-access.js';
import { PresenceSights } from './presence-sights.service.js';
import { type Sight, toHiddenPresenceView, toOwnPresenceView, toPresenceView } from './presence.view.js';

/** Who is here, as users see and choose it. */
@Injectable()
export class PresenceService {
  constructor(
    private readonly hub: EventHub,
    private readonly users: UsersService,
    private readonly sights: PresenceSights,
    private readonly access: PresenceAccess,
  ) {}

  /**
   * The users' presence as the caller may see it, in the order of the ids; those that do not exist are left out. Who is
   * invisible is offline to everybody but himself, and so are those with a block between them.
   */
  async list(principal: Principal, userIds: readonly string[]): Promise<PresenceView[]> {
    const isHidden = await this.access.between([principal.userId], userIds);
    // Last, so that no frame overtakes the answer with something newer.
    const sights = await this.sights.read([...new Set(userIds)]);
    return [...sights.values()].map((sight) => viewFor(principal.userId, sight, isHidden));
  }

  /**
   * Shows the caller as he chooses, with the status he gives. `online`, `busy` and `invisible` are kept and told as
   * `profile.updated` to his connections; `away` is about what he uses now and kept by nobody.
   *
   * @throws ChatError `VALIDATION_FAILED`
   */
  async set(principal: Principal, { state, text, emoji, expiresAt }: SetPresence): Promise<PresenceView> {
    const isStatusGiven = [text, emoji, expiresAt].some((part) => part !== undefined);
    const status = isStatusGiven ? { status: { text, emoji, expiresAt } } : {};
    const change: ProfileChange = { ...status, ...(await this.choiceIn(principal, state)) };
    if (Object.keys(change).length > 0) await this.users.updateMe(principal, change);
    const sight = (await this.sights.read([principal.userId])).get(principal.userId);
    if (!sight) throw new Error('a user who acts is not there');
    const isAway = state === 'away' && sight.state === 'online';
    return toOwnPresenceView(isAway ? { ...sight, state } : sight);
  }

  /** The same by REST: `away`, or not any more, on all connections of the caller's login. */
  async setForLogin(principal: Principal, presence: SetPresence): Promise<PresenceView> {
    const { userId, sessionId } = principal;
    const view = await this.set(principal, presence);
    await this.hub.publish('AwayTold', { userId, sessionId, isAway: presence.state === 'away' });
    return view;
  }

  private async choiceIn(
    { userId }: Principal,
    state: SetPresence['state'],
  ): Promise<{ presence?: PresenceChoice | null }> {
    if (state === 'away') return {};
    const presence = state === 'online' ? null : state;
    const sight = (await this.sights.read([userId])).get(userId);
    return sight?.choice === presence ? {} : { presence };
  }
}

function viewFor(viewerId: string, sight: Sight, isHidden: IsHidden): PresenceView {
  if (sight.userId === viewerId) return toOwnPresenceView(sight);
  return isHidden(viewerId, sight.userId) ? toHiddenPresenceView(sight) : toPresenceView(sight);
}
