import { UserPlus, X } from 'lucide';
import type { MemberView, OnlineView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { shortTimeOf } from '../i18n/times.js';
import { stateText } from '../people/presence.js';
import { IconButton } from '../ui/button.js';
import { More } from '../ui/more.js';
import { useHere } from './here.js';
import { MemberRow } from './member-row.js';
import { openMembers, togglePeople } from './open-dialogs.js';

const t = defineTexts(
  {
    title: 'In this room',
    here: 'Here now: {count}',
    away: 'Not here: {count}',
    since: '{state} since {time}',
    hide: 'Hide people',
    members: 'Members and roles',
  },
  {
    title: '房间成员',
    here: '在线：{count}',
    away: '不在线：{count}',
    since: '{time} 起{state}',
    hide: '隐藏成员',
    members: '成员与角色',
  },
);

/** The people of the open room, beside it: who is here and since when, and who else belongs to it. */
export function RoomPeople({ roomId }: { readonly roomId: string }) {
  follow(`room:${roomId}`);
  const view = client.rooms.get(roomId)?.view;
  if (view?.kind !== 'group') return null;
  return (
    <aside class="room-people" aria-label={t('title')}>
      <header>
        <h2>{t('title')}</h2>
        <IconButton icon={UserPlus} label={t('members')} onClick={() => openMembers(roomId)} />
        <IconButton icon={X} label={t('hide')} onClick={() => togglePeople(roomId)} />
      </header>
      <Lists room={view} />
    </aside>
  );
}

function Lists({ room }: { readonly room: { readonly id: string; readonly memberCount: number } }) {
  const { here, members } = useHere(room);
  const count = here?.count ?? 0;
  const present = new Set(here?.items.map(({ user }) => user.id));
  const roles = new Map(members.items.map((member) => [member.user.id, member]));
  return (
    <div class="lists">
      <h3>{t('here', { count })}</h3>
      <ul class="people-list" aria-label={t('here', { count })}>
        {here?.items.map((one) => (
          <MemberRow key={one.user.id} member={memberOf(one, roles)} line={sinceText(one)} />
        ))}
      </ul>
      {room.memberCount > count && <h3>{t('away', { count: room.memberCount - count })}</h3>}
      <ul class="people-list" aria-label={t('away', { count: room.memberCount - count })}>
        {members.items
          .filter(({ user }) => !present.has(user.id))
          .map((member) => (
            <MemberRow key={member.user.id} member={member} />
          ))}
      </ul>
      <More {...members} />
    </div>
  );
}

type Present = OnlineView['items'][number];

/** Of a large room not all members have been loaded. */
const memberOf = ({ user, since }: Present, known: ReadonlyMap<string, MemberView>): MemberView =>
  known.get(user.id) ?? { user, role: 'member', joinedAt: since, mutedUntil: null };

const sinceText = ({ state, since }: Present): string =>
  t('since', { state: stateText(state), time: shortTimeOf(since) });
