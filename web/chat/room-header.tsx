import {
  CalendarDays,
  EllipsisVertical,
  LogOut,
  Link2,
  Pin,
  Search,
  Settings2,
  SlidersHorizontal,
  UserRound,
  Users,
} from 'lucide';
import { useState } from 'preact/hooks';
import type { MemberRoomView } from '../../src/protocol/views.js';
import { BackLink } from '../app/back-link.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { openPerson } from '../people/open-person.js';
import { statusOf } from '../people/presence.js';
import { useWatched } from '../people/watch.js';
import { useOnlineCount } from './use-online-count.js';
import {
  isPeopleShown,
  openInvites,
  openMembers,
  openOwnSettings,
  openRoomSettings,
  togglePeople,
} from '../rooms/open-dialogs.js';
import { leaveRoom } from '../rooms/room-deeds.js';
import { isNotes, pictureOf, titleOf } from '../rooms/room-titles.js';
import { Avatar } from '../ui/avatar.js';
import { IconButton } from '../ui/button.js';
import { Menu, type MenuItem } from '../ui/menu.js';
import { DateDialog } from './date-dialog.js';
import type { OpenRoom } from './open-room.js';

const t = defineTexts(
  {
    online: '{online} of {count} online',
    people: { one: 'One person', other: '{count} people' },
    search: 'Search in this room',
    pins: 'Pinned messages',
    showPeople: 'People',
    menu: 'Room menu',
    date: 'Go to a day…',
    settings: 'Room settings',
    members: 'Members and roles',
    invites: 'Invite links',
    own: 'Notices and my name for it',
    profile: 'Profile',
    leave: 'Leave the room',
  },
  {
    online: '{count} 人，{online} 人在线',
    people: '{count} 人',
    search: '在此房间中搜索',
    pins: '置顶消息',
    showPeople: '成员',
    menu: '房间菜单',
    date: '跳转到日期…',
    settings: '房间设置',
    members: '成员与角色',
    invites: '邀请链接',
    own: '通知与备注名',
    profile: '个人资料',
    leave: '退出房间',
  },
);

/** Narrower, people are a dialog. */
const PEOPLE_BESIDE = matchMedia('(min-width: 1100px)');

/** What the open room is, who is there, and what one may do with it. */
export function RoomHeader({ open, view }: { readonly open: OpenRoom; readonly view: MemberRoomView }) {
  const [isDating, setDating] = useState(false);
  const isGroup = view.kind === 'group';
  const toggle = (panel: 'search' | 'pins') => () => (open.panel.value = open.panel.value === panel ? null : panel);
  return (
    <header class="room-header">
      <BackLink />
      <Title open={open} view={view} />
      <IconButton
        icon={Search}
        label={t('search')}
        aria-pressed={open.panel.value === 'search'}
        onClick={toggle('search')}
      />
      <IconButton icon={Pin} label={t('pins')} aria-pressed={open.panel.value === 'pins'} onClick={toggle('pins')} />
      {isGroup && (
        <IconButton
          icon={Users}
          label={t('showPeople')}
          aria-pressed={isPeopleShown.value && PEOPLE_BESIDE.matches}
          onClick={() => togglePeople(view.id)}
        />
      )}
      <Menu icon={EllipsisVertical} label={t('menu')} items={itemsOf(view, () => setDating(true))} />
      {isDating && <DateDialog open={open} onClose={() => setDating(false)} />}
    </header>
  );
}

function Title({ open, view }: { readonly open: OpenRoom; readonly view: MemberRoomView }) {
  const title = titleOf(view);
  const show = () => {
    if (view.kind === 'direct' && view.peer) openPerson(view.peer.id);
    else openMembers(view.id);
  };
  return (
    <button type="button" class="title" onClick={show}>
      <PeerAvatar view={view} />
      <span class="what">
        <h1>
          <bdi>{title}</bdi>
        </h1>
        <Line open={open} view={view} />
      </span>
    </button>
  );
}

function PeerAvatar({ view }: { readonly view: MemberRoomView }) {
  follow('presence');
  const state = view.kind === 'direct' && view.peer ? client.presence.of(view.peer.id)?.state : undefined;
  return <Avatar url={pictureOf(view)} name={titleOf(view)} size={40} state={state} />;
}

/** Who is there; of a direct room, how the other one is. */
function Line({ open, view }: { readonly open: OpenRoom; readonly view: MemberRoomView }) {
  follow('presence');
  const peer = view.kind === 'direct' && !isNotes(view) ? view.peer : undefined;
  useWatched(peer ? [peer.id] : []);
  const online = useOnlineCount(open);
  if (peer) return <span class="soft">{statusOf(peer, client.presence.of(peer.id))}</span>;
  if (isNotes(view)) return null;
  const { memberCount: count } = view;
  const people = online === null ? t('people', { count }) : t('online', { online, count });
  return <span class="soft">{[people, view.topic].filter(Boolean).join(' · ')}</span>;
}

function itemsOf(view: MemberRoomView, onDate: () => void): readonly MenuItem[] {
  const { id } = view;
  const date = { label: t('date'), icon: CalendarDays, act: onDate };
  const own = { label: t('own'), icon: SlidersHorizontal, act: () => openOwnSettings(id) };
  if (view.kind === 'direct') {
    const { peer } = view;
    return peer ? [date, { label: t('profile'), icon: UserRound, act: () => openPerson(peer.id) }, own] : [date, own];
  }
  return [
    date,
    { label: t('members'), icon: Users, act: () => openMembers(id) },
    { label: t('invites'), icon: Link2, act: () => openInvites(id) },
    own,
    { label: t('settings'), icon: Settings2, act: () => openRoomSettings(id) },
    { label: t('leave'), icon: LogOut, isDanger: true, act: () => void leaveRoom(id) },
  ];
}
