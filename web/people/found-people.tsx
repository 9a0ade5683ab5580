import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { FriendButton } from './friend-button.js';
import { MessageButton } from './person-buttons.js';
import { PersonRow } from './person-row.js';
import { useWatched } from './watch.js';

const t = defineTexts(
  { found: 'Found', none: 'Nobody is called that.' },
  { found: '查找结果', none: '没有找到这样的人。' },
);

/** Users whose names have what is looked for. */
export function FoundPeople({ query }: { readonly query: string }) {
  const pages = usePages((cursor) => client.rest.searchUsers(query, { cursor, limit: 20 }), query);
  useWatched(pages.items.map(({ id }) => id));
  const isEmpty = !pages.isLoading && pages.fault === '' && pages.items.length === 0;
  return (
    <section>
      <h2>{t('found')}</h2>
      {isEmpty && <p class="soft">{t('none')}</p>}
      <ul class="people-list" aria-label={t('found')}>
        {pages.items.map((user) => (
          <PersonRow key={user.id} user={user}>
            {user.id !== client.user?.id && (
              <>
                <FriendButton user={user} />
                <MessageButton user={user} />
              </>
            )}
          </PersonRow>
        ))}
      </ul>
      <More {...pages} />
    </section>
  );
}
