import { Check, X } from 'lucide';
import type { FriendRequestView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { attempt } from '../ui/toast.js';
import { PersonRow } from './person-row.js';

const t = defineTexts(
  {
    incoming: 'Want to be friends with you',
    outgoing: 'You have asked',
    accept: 'Accept',
    acceptOf: 'Accept {name}',
    decline: 'Decline',
    declineOf: 'Decline {name}',
    cancel: 'Withdraw',
    cancelOf: 'Withdraw the request to {name}',
    waiting: 'Has not answered yet',
  },
  {
    incoming: '想加您为好友',
    outgoing: '您发出的请求',
    accept: '接受',
    acceptOf: '接受{name}',
    decline: '拒绝',
    declineOf: '拒绝{name}',
    cancel: '撤回',
    cancelOf: '撤回给{name}的请求',
    waiting: '等待对方回应',
  },
);

/** Friend requests that wait for an answer: of others to the reader, and his own. */
export function Requests() {
  follow('people');
  const me = client.user?.id;
  const all = [...client.people.requests.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const incoming = all.filter(({ to }) => to.id === me);
  const outgoing = all.filter(({ from }) => from.id === me);
  return (
    <>
      {incoming.length > 0 && (
        <section class="requests">
          <h2>{t('incoming')}</h2>
          <ul class="people-list" aria-label={t('incoming')}>
            {incoming.map((request) => (
              <Incoming key={request.id} request={request} />
            ))}
          </ul>
        </section>
      )}
      {outgoing.length > 0 && (
        <section class="requests">
          <h2>{t('outgoing')}</h2>
          <ul class="people-list" aria-label={t('outgoing')}>
            {outgoing.map((request) => (
              <Outgoing key={request.id} request={request} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Incoming({ request }: { readonly request: FriendRequestView }) {
  const { id, from, message } = request;
  const name = from.displayName;
  return (
    <PersonRow user={from} line={message ?? undefined}>
      <AcceptButton requestId={id} name={name} />
      <Button aria-label={t('declineOf', { name })} onClick={() => void attempt(() => client.rest.friends.decline(id))}>
        <Icon of={X} size={18} /> {t('decline')}
      </Button>
    </PersonRow>
  );
}

/** Takes a friend request. */
export function AcceptButton({ requestId, name }: { readonly requestId: string; readonly name: string }) {
  return (
    <Button
      look="main"
      aria-label={t('acceptOf', { name })}
      onClick={() => void attempt(() => client.rest.friends.accept(requestId))}
    >
      <Icon of={Check} size={18} /> {t('accept')}
    </Button>
  );
}

function Outgoing({ request }: { readonly request: FriendRequestView }) {
  const { id, to, message } = request;
  return (
    <PersonRow user={to} line={message ?? t('waiting')}>
      <CancelButton requestId={id} name={to.displayName} />
    </PersonRow>
  );
}

/** Takes one's own friend request back. */
export function CancelButton({ requestId, name }: { readonly requestId: string; readonly name: string }) {
  return (
    <Button
      aria-label={t('cancelOf', { name })}
      onClick={() => void attempt(() => client.rest.friends.cancel(requestId))}
    >
      {t('cancel')}
    </Button>
  );
}
