import type { UserView } from '../../src/protocol/views.js';
import { useState } from 'preact/hooks';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf } from '../app/names.js';
import { defineTexts } from '../i18n/texts.js';
import { Avatar } from '../ui/avatar.js';
import { useLoaded } from '../ui/load.js';
import { SearchBox } from '../ui/search-box.js';

const t = defineTexts(
  { find: 'Find people', none: 'Nobody is called that.', noFriends: 'Type a name to find people.' },
  { find: '查找用户', none: '没有找到这样的人。', noFriends: '输入名字来查找用户。' },
);

interface PickProps {
  readonly label: string;
  readonly chosen: ReadonlyMap<string, UserView>;
  readonly onChange: (chosen: ReadonlyMap<string, UserView>) => void;
  /** Who cannot be chosen any more. */
  readonly except?: ReadonlySet<string>;
}

/** Chooses several users: among friends, or found by name. Who was chosen stays in the list. */
export function PickPeople({ label, chosen, onChange, except }: PickProps) {
  follow('people');
  const [query, setQuery] = useState('');
  const { value } = useLoaded(async () => (query ? (await client.rest.searchUsers(query)).items : []), query);
  const found = query ? (value ?? []) : [...client.people.friends.values()];
  const others = found.filter(({ id }) => !chosen.has(id) && !except?.has(id) && id !== client.user?.id);
  const toggle = (user: UserView) => {
    const next = new Map(chosen);
    if (!next.delete(user.id)) next.set(user.id, user);
    onChange(next);
  };
  const people = [...chosen.values(), ...others];
  return (
    <fieldset class="pick-people">
      <legend>{label}</legend>
      <SearchBox label={t('find')} value={query} onSearch={setQuery} />
      <ul>
        {people.map((user) => (
          <Line key={user.id} user={user} isChosen={chosen.has(user.id)} onToggle={() => toggle(user)} />
        ))}
      </ul>
      {people.length === 0 && <p class="soft">{query && value ? t('none') : t('noFriends')}</p>}
    </fieldset>
  );
}

interface LineProps {
  readonly user: UserView;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function Line({ user, isChosen, onToggle }: LineProps) {
  return (
    <li>
      <label class="row">
        <input type="checkbox" checked={isChosen} onChange={onToggle} />
        <Avatar url={user.avatarUrl} name={user.displayName} size={32} />
        <span class="names">
          <span class="name">{nameOf(user)}</span>
          <span class="soft">@{user.username}</span>
        </span>
      </label>
    </li>
  );
}
