import { CircleCheck, CircleMinus, EyeOff, LogOut, Moon, Settings, Smile } from 'lucide';
import type { IconNode } from 'lucide';
import { useState } from 'preact/hooks';
import type { MeView } from '../../src/protocol/views.js';
import { defineTexts } from '../i18n/texts.js';
import { stateText } from '../people/presence.js';
import { Avatar } from '../ui/avatar.js';
import { later } from '../ui/later.js';
import { Menu, type MenuItem } from '../ui/menu.js';
import { attempt } from '../ui/toast.js';
import { client } from './client.js';
import { follow } from './live.js';
import { type OwnState, ownState, showAs } from './own-presence.js';
import { go } from './route.js';
import { signOut } from './sign-out.js';

const StatusDialog = later(async () => (await import('../settings/status-form.js')).StatusDialog);

const t = defineTexts(
  { me: 'My menu', status: 'Set a status', settings: 'Settings', signOut: 'Sign out', guest: 'Guest' },
  { me: '我的菜单', status: '设置状态', settings: '设置', signOut: '退出登录', guest: '访客' },
);

const STATES: readonly (readonly [OwnState, IconNode])[] = [
  ['online', CircleCheck],
  ['away', Moon],
  ['busy', CircleMinus],
  ['invisible', EyeOff],
];

/** Oneself at the top of the list: picture, name, how one is shown; a click opens what is one's own. */
export function MeMenu() {
  follow('me');
  const [isStatusOpen, setStatusOpen] = useState(false);
  const { user } = client;
  if (!user) return <span class="me-menu" />;
  const state = ownState(user);
  return (
    <div class="me-menu">
      <Menu label={t('me')} items={itemsOf(state, () => setStatusOpen(true))}>
        <Avatar url={user.avatarUrl} name={user.displayName} size={42} state={state} />
        <span class="names">
          <span class="name">
            <bdi>{user.displayName}</bdi>
          </span>
          <span class="soft">{lineOf(user, state)}</span>
        </span>
      </Menu>
      {isStatusOpen && <StatusDialog onClose={() => setStatusOpen(false)} />}
    </div>
  );
}

function itemsOf(state: OwnState, openStatus: () => void): MenuItem[] {
  const states = STATES.map(([one, icon]) => ({
    label: stateText(one),
    icon,
    isChosen: one === state,
    act: () => void attempt(() => showAs(one)),
  }));
  return [
    ...states,
    { label: t('status'), icon: Smile, act: openStatus },
    { label: t('settings'), icon: Settings, act: () => go({ at: 'settings' }) },
    { label: t('signOut'), icon: LogOut, act: () => void signOut() },
  ];
}

function lineOf({ status, role }: MeView, state: OwnState): string {
  const own = [status?.emoji, status?.text].filter(Boolean).join(' ');
  return own || [stateText(state), ...(role === 'guest' ? [t('guest')] : [])].join(' · ');
}
