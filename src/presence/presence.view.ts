import { toTimeOrNull } from '../common/clock.js';
import type { PresenceChoice, PresenceState, PresenceView } from '../protocol/views.js';

/** A user's presence before it is known who looks. */
export interface Sight {
  readonly userId: string;
  /** As his connections and his choice have it. */
  readonly state: PresenceState;
  readonly choice: PresenceChoice | null;
  readonly text: string | null;
  readonly emoji: string | null;
  /** Epoch milliseconds. */
  readonly lastSeenAt: number | null;
}

/** A user as others see him: while he is invisible, as if he was not here. */
export const toPresenceView = (sight: Sight): PresenceView => ({
  userId: sight.userId,
  state: sight.state === 'invisible' ? 'offline' : sight.state,
  text: sight.text,
  emoji: sight.emoji,
  lastSeenAt: toTimeOrNull(sight.lastSeenAt),
});

/** A user as he sees himself: what he has chosen, also while he is not here. */
export const toOwnPresenceView = (sight: Sight): PresenceView => ({
  ...toPresenceView(sight),
  state: sight.choice ?? sight.state,
});

/** A user as those see him who may not know whether he is here: as one who has never been. */
export const toHiddenPresenceView = ({ userId }: Pick<Sight, 'userId'>): PresenceView => ({
  userId,
  state: 'offline',
  text: null,
  emoji: null,
  lastSeenAt: null,
});
