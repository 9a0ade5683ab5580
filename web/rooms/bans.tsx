import type { BanView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf } from '../i18n/times.js';
import { PersonRow } from '../people/person-row.js';
import { Button } from '../ui/button.js';
import { usePages } from '../ui/load.js';
import { More } from '../ui/more.js';
import { attempt } from '../ui/toast.js';

const t = defineTexts(
  { title: 'Banned people', none: 'Nobody is banned.', lift: 'Lift the ban', until: 'until {time}' },
  { title: '封禁名单', none: '没有人被封禁。', lift: '解除封禁', until: '直到 {time}' },
);

/** Who may not come into a room. */
export function Bans({ roomId }: { readonly roomId: string }) {
  const pages = usePages((cursor) => client.rest.bans.list(roomId, { cursor }), roomId);
  const lift = ({ user }: BanView) =>
    attempt(async () => {
      await client.rest.bans.lift(roomId, user.id);
      pages.reload();
    });
  return (
    <section>
      <h3>{t('title')}</h3>
      {!pages.isLoading && pages.items.length === 0 && <p class="soft">{t('none')}</p>}
      <ul class="people-list" aria-label={t('title')}>
        {pages.items.map((ban) => (
          <PersonRow key={ban.user.id} user={ban.user} note={noteOf(ban)}>
            <Button onClick={() => void lift(ban)}>{t('lift')}</Button>
          </PersonRow>
        ))}
      </ul>
      <More {...pages} />
    </section>
  );
}

const noteOf = ({ reason, until }: BanView): string =>
  [reason, until && t('until', { time: momentOf(until) })].filter(Boolean).join(' · ');
