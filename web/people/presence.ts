import type { PresenceState, PresenceView, UserView } from '../../src/protocol/views.js';
import { defineTexts } from '../i18n/texts.js';
import { shortTimeOf } from '../i18n/times.js';

const t = defineTexts(
  {
    online: 'Online',
    away: 'Away',
    busy: 'Busy',
    invisible: 'Invisible',
    offline: 'Offline',
    seen: 'Last seen {time}',
  },
  { online: '在线', away: '离开', busy: '忙碌', invisible: '隐身', offline: '离线', seen: '上次在线：{time}' },
);

/** What a state is called. */
export const stateText = (state: PresenceState): string => t(state);

/** How somebody is, in one line: what he says of himself, or whether he is here and when he last was. */
export function statusOf(user: UserView, presence: PresenceView | undefined): string {
  const said = presence ?? user.status;
  const own = [said?.emoji, said?.text].filter(Boolean).join(' ');
  const here = presence && hereText(presence);
  return [own, here].filter(Boolean).join(' · ') || `@${user.username}`;
}

function hereText({ state, lastSeenAt }: PresenceView): string {
  if (state !== 'offline') return t(state);
  return lastSeenAt ? t('seen', { time: shortTimeOf(lastSeenAt) }) : '';
}
