import { Link2Off } from 'lucide';
import { client } from '../app/client.js';
import { Pane } from '../app/pane.js';
import { go } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { useLoaded } from '../ui/load.js';
import { attempt } from '../ui/toast.js';
import { RoomCard } from './room-card.js';

const t = defineTexts(
  {
    title: 'You are invited',
    text: 'Somebody has given you a link that lets you into this room.',
    join: 'Join',
    joinRoom: 'Join {name}',
    bad: 'This link does not work',
    badText: '{fault} Ask whoever gave it to you for a new one.',
  },
  {
    title: '邀请',
    text: '有人给了您一个可以加入此房间的链接。',
    join: '加入',
    joinRoom: '加入{name}',
    bad: '链接无效',
    badText: '{fault}请向给您链接的人要一个新的。',
  },
);

/** The room that an invite link leads to, and the way in. */
export function InviteScreen({ code }: { readonly code: string }) {
  const { value, fault } = useLoaded(() => client.rest.invites.preview(code), code);
  const join = () =>
    attempt(async () => {
      const { id } = await client.rest.invites.accept(code);
      go({ at: 'room', roomId: id });
    });
  return (
    <Pane title={t('title')}>
      {fault && <Empty icon={Link2Off} title={t('bad')} text={t('badText', { fault })} />}
      {value && (
        <>
          <p class="soft">{t('text')}</p>
          <RoomCard room={value}>
            <Button look="main" aria-label={t('joinRoom', { name: value.name ?? '' })} onClick={() => void join()}>
              {t('join')}
            </Button>
          </RoomCard>
        </>
      )}
    </Pane>
  );
}
