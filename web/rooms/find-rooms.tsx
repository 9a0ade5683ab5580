import { Compass, Plus } from 'lucide';
import { useState } from 'preact/hooks';
import type { RoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { Pane } from '../app/pane.js';
import { hrefOf } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Icon } from '../ui/icon.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { SearchBox } from '../ui/search-box.js';
import { openCreateRoom } from './open-dialogs.js';
import { RoomCard } from './room-card.js';
import { joinRoom } from './room-deeds.js';

const t = defineTexts(
  {
    title: 'Find rooms',
    search: 'How the name begins',
    rooms: 'Public rooms',
    join: 'Join',
    joinRoom: 'Join {name}',
    open: 'Open',
    openRoom: 'Open {name}',
    none: 'There is no public room yet',
    noneText: 'Make the first one, and others can find it here.',
    unfound: 'No room is called that',
    unfoundText: 'Rooms are found by how their names begin.',
    create: 'New room',
  },
  {
    title: '发现房间',
    search: '房间名称的开头',
    rooms: '公开房间',
    join: '加入',
    joinRoom: '加入{name}',
    open: '打开',
    openRoom: '打开{name}',
    none: '还没有公开房间',
    noneText: '创建第一个房间，其他人就能在这里找到它。',
    unfound: '没有找到这样的房间',
    unfoundText: '按房间名称的开头查找。',
    create: '新建房间',
  },
);

/** Public rooms, to be joined. */
export function FindRooms() {
  const [query, setQuery] = useState('');
  const pages = usePages((cursor) => client.rest.publicRooms(query || undefined, { cursor }), query);
  const isEmpty = !pages.isLoading && pages.fault === '' && pages.items.length === 0;
  const create = (
    <Button onClick={openCreateRoom}>
      <Icon of={Plus} size={18} /> {t('create')}
    </Button>
  );
  return (
    <Pane title={t('title')} action={create}>
      <SearchBox label={t('search')} onSearch={setQuery} />
      <ul class="cards" aria-label={t('rooms')}>
        {pages.items.map((room) => (
          <li key={room.id}>
            <RoomCard room={room}>
              <Way room={room} />
            </RoomCard>
          </li>
        ))}
      </ul>
      {isEmpty && (
        <Empty
          icon={Compass}
          title={query ? t('unfound') : t('none')}
          text={query ? t('unfoundText') : t('noneText')}
        />
      )}
      <More {...pages} />
    </Pane>
  );
}

function Way({ room }: { readonly room: RoomView }) {
  follow('rooms');
  const name = room.name ?? '';
  if (client.rooms.has(room.id))
    return (
      <a class="button" href={hrefOf({ at: 'room', roomId: room.id })} aria-label={t('openRoom', { name })}>
        {t('open')}
      </a>
    );
  return (
    <Button look="main" aria-label={t('joinRoom', { name })} onClick={() => void joinRoom(room.id)}>
      {t('join')}
    </Button>
  );
}
