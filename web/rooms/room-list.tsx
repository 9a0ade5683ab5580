import { Compass, MessagesSquare, Plus } from 'lucide';
import type { RoomState } from '../../sdk/room-state.js';
import type { MemberRoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { hrefOf, route } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { useWatched } from '../people/watch.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Icon } from '../ui/icon.js';
import { lastMessageOf } from './last-line.js';
import { openCreateRoom } from './open-dialogs.js';
import { RoomRow } from './room-row.js';
import { titleOf } from './room-titles.js';

const t = defineTexts(
  {
    talks: 'Talks',
    none: 'No talks yet',
    noneText: 'Join a room, make one of your own, or write to somebody.',
    find: 'Find rooms',
    create: 'New room',
    unfound: 'No talk is called that.',
    coming: 'Loading your talks…',
  },
  {
    talks: '会话',
    none: '还没有会话',
    noneText: '加入一个房间，自己建一个，或者给别人发消息。',
    find: '发现房间',
    create: '新建房间',
    unfound: '没有找到这样的会话。',
    coming: '正在加载会话…',
  },
);

interface Talk {
  readonly room: RoomState;
  readonly view: MemberRoomView;
}

/** All talks of the reader, the one with the newest message first; `filter` leaves those whose names have it. */
export function RoomList({ filter }: { readonly filter: string }) {
  follow('rooms');
  const { value: shown } = route;
  const talks = talksBy(filter);
  useWatched(talks.flatMap(({ view }) => view.peer?.id ?? []));
  if (talks.length === 0) return <NoTalks isFiltered={filter !== ''} />;
  return (
    <nav class="room-list" aria-label={t('talks')}>
      <ul>
        {talks.map(({ room, view }) => (
          <RoomRow key={room.id} room={room} view={view} isOpen={shown.at === 'room' && shown.roomId === room.id} />
        ))}
      </ul>
    </nav>
  );
}

function NoTalks({ isFiltered }: { readonly isFiltered: boolean }) {
  follow('rooms');
  if (isFiltered) return <p class="soft note">{t('unfound')}</p>;
  if (!client.isOnline) return <p class="soft note">{t('coming')}</p>;
  return (
    <Empty icon={MessagesSquare} title={t('none')} text={t('noneText')}>
      <a class="button main" href={hrefOf({ at: 'find' })}>
        <Icon of={Compass} size={18} /> {t('find')}
      </a>
      <Button onClick={openCreateRoom}>
        <Icon of={Plus} size={18} /> {t('create')}
      </Button>
    </Empty>
  );
}

function talksBy(filter: string): Talk[] {
  const wanted = filter.toLocaleLowerCase();
  const talks: Talk[] = [];
  for (const room of client.rooms.values()) {
    const { view } = room;
    if (view && (wanted === '' || titleOf(view).toLocaleLowerCase().includes(wanted))) talks.push({ room, view });
  }
  return talks.sort((a, b) => timeOf(b) - timeOf(a));
}

const timeOf = ({ room, view }: Talk): number => Date.parse((lastMessageOf(room) ?? view).createdAt);
