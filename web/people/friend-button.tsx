import { UserPlus } from 'lucide';
import { useState } from 'preact/hooks';
import type { UserView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField, filledOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { tell } from '../ui/toast.js';
import { AcceptButton, CancelButton } from './requests.js';

const t = defineTexts(
  {
    add: 'Add friend',
    addOf: 'Add {name} as a friend',
    title: 'Ask {name} to be friends',
    note: 'A few words (optional)',
    send: 'Send request',
    sent: 'The request is sent.',
    friends: 'You are friends.',
  },
  {
    add: '加好友',
    addOf: '加{name}为好友',
    title: '请求添加{name}为好友',
    note: '附言（选填）',
    send: '发送请求',
    sent: '请求已发送。',
    friends: '你们已是好友。',
  },
);

/** The next step to being friends with somebody: ask, accept, or take the own request back; nothing for friends. */
export function FriendButton({ user }: { readonly user: UserView }) {
  follow('people');
  const [isAsking, setAsking] = useState(false);
  const { friends, requests, blocks } = client.people;
  if (friends.has(user.id) || blocks.has(user.id)) return null;
  const name = user.displayName;
  for (const { id, from, to } of requests.values()) {
    if (from.id === user.id) return <AcceptButton requestId={id} name={name} />;
    if (to.id === user.id) return <CancelButton requestId={id} name={name} />;
  }
  return (
    <>
      <Button aria-label={t('addOf', { name })} onClick={() => setAsking(true)}>
        <Icon of={UserPlus} size={18} /> {t('add')}
      </Button>
      {isAsking && <Ask user={user} onClose={() => setAsking(false)} />}
    </>
  );
}

function Ask({ user, onClose }: { readonly user: UserView; readonly onClose: () => void }) {
  const send = async (form: HTMLFormElement) => {
    const answer = await client.rest.friends.ask(user.id, filledOf(form, 'message'));
    tell('since' in answer ? t('friends') : t('sent'));
    onClose();
  };
  return (
    <Dialog title={t('title', { name: user.displayName })} onClose={onClose}>
      <Form label={t('title', { name: user.displayName })} action={t('send')} onSubmit={send}>
        <TextField label={t('note')} name="message" maxLength={500} />
      </Form>
    </Dialog>
  );
}
