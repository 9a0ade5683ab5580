import { UserRoundSearch } from 'lucide';
import { useState } from 'preact/hooks';
import type { FriendView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf } from '../app/names.js';
import { Pane } from '../app/pane.js';
import { defineTexts } from '../i18n/texts.js';
import { Empty } from '../ui/empty.js';
import { SearchBox } from '../ui/search-box.js';
import { Blocks } from './blocks.js';
import { FoundPeople } from './found-people.js';
import { MessageButton } from './person-buttons.js';
import { PersonRow } from './person-row.js';
import { Requests } from './requests.js';

const t = defineTexts(
  {
    title: 'People',
    search: 'Find people by name',
    friends: 'Friends',
    none: 'No friends here yet',
    noneText: 'Find people by their names, and ask them to be friends.',
  },
  {
    title: '联系人',
    search: '按名字查找用户',
    friends: '好友',
    none: '还没有好友',
    noneText: '按名字查找用户，然后请求添加为好友。',
  },
);

/** Friends, requests, blocks, and everybody who can be found. */
export function People() {
  const [query, setQuery] = useState('');
  return (
    <Pane title={t('title')}>
      <SearchBox label={t('search')} onSearch={setQuery} />
      {query !== '' && <FoundPeople query={query} />}
      <Requests />
      <Friends />
      <Blocks />
    </Pane>
  );
}

function Friends() {
  follow('people');
  follow('presence');
  const friends = [...client.people.friends.values()].sort(byPresence);
  if (friends.length === 0) return <Empty icon={UserRoundSearch} title={t('none')} text={t('noneText')} />;
  return (
    <section>
      <h2>{t('friends')}</h2>
      <ul class="people-list" aria-label={t('friends')}>
        {friends.map((friend) => (
          <PersonRow key={friend.id} user={friend}>
            <MessageButton user={friend} />
          </PersonRow>
        ))}
      </ul>
    </section>
  );
}

/** Who is here first, then by name. */
function byPresence(a: FriendView, b: FriendView): number {
  const isHere = ({ id }: FriendView) => (client.presence.of(id)?.state ?? 'offline') !== 'offline';
  return Number(isHere(b)) - Number(isHere(a)) || nameOf(a).localeCompare(nameOf(b));
}
