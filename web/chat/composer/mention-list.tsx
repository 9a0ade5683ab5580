import { Users } from 'lucide';
import { defineTexts } from '../../i18n/texts.js';
import { Avatar } from '../../ui/avatar.js';
import { Icon } from '../../ui/icon.js';
import type { MentionOption, Mentions } from './use-mentions.js';

const t = defineTexts(
  {
    people: 'People to mention',
    everybody: 'Everybody in this room',
    told: { one: 'One person fits; Enter chooses.', other: '{count} people fit; arrow keys and Enter choose.' },
  },
  { people: '可提及的人', everybody: '房间里的所有人', told: '有 {count} 个匹配，用方向键和回车键选择。' },
);

type MentionListProps = Pick<Mentions, 'listId' | 'options' | 'chosen' | 'choose'>;

/** Who may be meant by what stands behind the @. The focus stays in the field. */
export function MentionList({ listId, options, chosen, choose }: MentionListProps) {
  return (
    <>
      <ul class="mention-list" id={listId} role="listbox" aria-label={t('people')}>
        {options.map((option, at) => (
          <li
            key={option.id}
            id={`${listId}-${at}`}
            role="option"
            aria-selected={at === chosen}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(option);
            }}
          >
            <Option option={option} />
          </li>
        ))}
      </ul>
      <p class="visually-hidden" role="status">
        {t('told', { count: options.length })}
      </p>
    </>
  );
}

function Option({ option: { name, user } }: { readonly option: MentionOption }) {
  return (
    <>
      {user ? (
        <Avatar url={user.avatarUrl} name={name} size={28} />
      ) : (
        <span class="avatar all">
          <Icon of={Users} size={18} />
        </span>
      )}
      <bdi>{name}</bdi>
      <small>{user ? `@${user.username}` : t('everybody')}</small>
    </>
  );
}
