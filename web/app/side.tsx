import { Compass, NotebookPen, Plus, SquarePen, UserRound, Users } from 'lucide';
import { useState } from 'preact/hooks';
import { defineTexts } from '../i18n/texts.js';
import { openCreateRoom } from '../rooms/open-dialogs.js';
import { openDirect } from '../rooms/room-deeds.js';
import { RoomList } from '../rooms/room-list.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { SearchBox } from '../ui/search-box.js';
import { client } from './client.js';
import { follow } from './live.js';
import { MeMenu } from './me-menu.js';
import { go, hrefOf, route } from './route.js';

const t = defineTexts(
  {
    search: 'Search talks',
    searchAll: 'Search all messages for “{query}”',
    begin: 'Begin something',
    room: 'New room',
    notes: 'Notes to myself',
    find: 'Find rooms',
    people: 'People',
    places: 'Places',
    requests: { one: '{count} friend request', other: '{count} friend requests' },
  },
  {
    search: '搜索会话',
    searchAll: '在所有消息中搜索“{query}”',
    begin: '新建',
    room: '新建房间',
    notes: '我的笔记',
    find: '发现房间',
    people: '联系人',
    places: '导航',
    requests: '{count} 个好友请求',
  },
);

/** The left column: oneself, a search, the ways to people and rooms, and all talks. */
export function Side() {
  const [query, setQuery] = useState('');
  return (
    <aside class="side">
      <div class="side-head">
        <MeMenu />
        <Begin />
      </div>
      <SearchBox
        label={t('search')}
        onSearch={setQuery}
        onEnter={(found) => found && go({ at: 'search', query: found })}
      />
      {query !== '' && (
        <a class="search-all" href={hrefOf({ at: 'search', query })}>
          {t('searchAll', { query })}
        </a>
      )}
      <Places />
      <RoomList filter={query} />
    </aside>
  );
}

function Begin() {
  const openNotes = () => {
    if (client.user) void openDirect(client.user.id);
  };
  return (
    <Menu
      icon={SquarePen}
      label={t('begin')}
      items={[
        { label: t('room'), icon: Plus, act: openCreateRoom },
        { label: t('find'), icon: Compass, act: () => go({ at: 'find' }) },
        { label: t('people'), icon: Users, act: () => go({ at: 'people' }) },
        { label: t('notes'), icon: NotebookPen, act: openNotes },
      ]}
    />
  );
}

function Places() {
  follow('people');
  const { at } = route.value;
  const me = client.user?.id;
  const count = [...client.people.requests.values()].filter(({ to }) => to.id === me).length;
  return (
    <nav class="places" aria-label={t('places')}>
      <a href={hrefOf({ at: 'people' })} aria-current={at === 'people' ? 'page' : undefined}>
        <Icon of={UserRound} size={18} />
        {t('people')}
        {count > 0 && (
          <span class="badge" role="img" aria-label={t('requests', { count })} title={t('requests', { count })}>
            {count}
          </span>
        )}
      </a>
      <a href={hrefOf({ at: 'find' })} aria-current={at === 'find' ? 'page' : undefined}>
        <Icon of={Compass} size={18} />
        {t('find')}
      </a>
    </nav>
  );
}
