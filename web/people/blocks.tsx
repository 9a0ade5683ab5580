import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { attempt } from '../ui/toast.js';
import { PersonRow } from './person-row.js';

const t = defineTexts(
  { blocked: 'Blocked people', unblock: 'Unblock', unblockOf: 'Unblock {name}' },
  { blocked: '屏蔽名单', unblock: '取消屏蔽', unblockOf: '取消屏蔽{name}' },
);

/** Whom the reader has blocked. */
export function Blocks() {
  follow('people');
  const { blocks } = client.people;
  if (blocks.size === 0) return null;
  return (
    <section>
      <h2>{t('blocked')}</h2>
      <BlockList key={[...blocks].join()} />
    </section>
  );
}

function BlockList() {
  const pages = usePages((cursor) => client.rest.friends.blocks({ cursor }), '');
  return (
    <>
      <ul class="people-list" aria-label={t('blocked')}>
        {pages.items.map(({ user }) => (
          <PersonRow key={user.id} user={user}>
            <Button
              aria-label={t('unblockOf', { name: user.displayName })}
              onClick={() => void attempt(() => client.rest.friends.unblock(user.id))}
            >
              {t('unblock')}
            </Button>
          </PersonRow>
        ))}
      </ul>
      <More {...pages} />
    </>
  );
}
