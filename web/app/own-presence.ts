import { signal } from '@preact/signals';
import type { MeView, PresenceView } from '../../src/protocol/views.js';
import { client } from './client.js';

/** How one may be shown to others. */
export type OwnState = 'online' | 'away' | 'busy' | 'invisible';

/** `away` is about this connection, so the page itself has to know it. */
const isAway = signal(false);

/** How the reader is shown: as he has chosen, or as he is. */
export const ownState = ({ presence }: MeView): OwnState => presence ?? (isAway.value ? 'away' : 'online');

/** Whoever comes next is not away. */
export const forgetAway = (): void => void (isAway.value = false);

/** Keeps saying it after every reconnect: a new connection does not know of it. */
export function keepAway(): void {
  client.on('connection', ({ state }) => {
    if (state === 'online' && isAway.value) client.setPresence({ state: 'away' }).catch(() => undefined);
  });
}

/** The same as others' presence is told. */
export const ownPresence = (me: MeView): PresenceView => ({
  userId: me.id,
  state: ownState(me),
  text: me.status?.text ?? null,
  emoji: me.status?.emoji ?? null,
  lastSeenAt: null,
});

/** Shows oneself otherwise from now on. */
export async function showAs(state: OwnState): Promise<void> {
  if (state === 'away') await client.setPresence({ state: 'online' });
  await client.setPresence({ state });
  isAway.value = state === 'away';
}
