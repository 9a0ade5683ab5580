import { Ban, MessageCircle, UserMinus } from 'lucide';
import type { UserView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf } from '../app/names.js';
import { ownPresence } from '../app/own-presence.js';
import { defineTexts } from '../i18n/texts.js';
import { openDirect } from '../rooms/room-deeds.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/confirm.js';
import { Dialog } from '../ui/dialog.js';
import { Field, filledOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { useLoaded } from '../ui/load.js';
import { attempt, tell } from '../ui/toast.js';
import { FriendButton } from './friend-button.js';
import { closePerson } from './open-person.js';
import { statusOf } from './presence.js';
import { useWatched } from './watch.js';

const t = defineTexts(
  {
    profile: 'Profile',
    write: 'Write a message',
    notes: 'My notes',
    alias: 'What I call this friend',
    aliasForm: 'My own name',
    aliasHint: 'Only you see it.',
    save: 'Save',
    saved: 'Saved.',
    unfriend: 'Remove friend',
    unfriendTitle: 'Remove {name} from your friends?',
    unfriendText: 'The talks with each other stay.',
    block: 'Block',
    unblock: 'Unblock',
    blockTitle: 'Block {name}?',
    blockText: 'You cannot write to each other directly any more. {name} is not told who did it.',
    guest: 'Guest',
    admin: 'Runs this server',
  },
  {
    profile: '个人资料',
    write: '发消息',
    notes: '我的笔记',
    alias: '好友备注',
    aliasForm: '备注',
    aliasHint: '只有您能看到。',
    save: '保存',
    saved: '已保存。',
    unfriend: '删除好友',
    unfriendTitle: '要删除好友{name}吗？',
    unfriendText: '你们之间的会话会保留。',
    block: '屏蔽',
    unblock: '取消屏蔽',
    blockTitle: '要屏蔽{name}吗？',
    blockText: '你们将不能再互发私信。{name}不会被告知。',
    guest: '访客',
    admin: '服务器管理员',
  },
);

/** Somebody's profile, and what one may do. */
export function PersonCard({ userId }: { readonly userId: string }) {
  const { value: user, fault } = useLoaded(() => client.rest.user(userId), userId);
  useWatched([userId]);
  return (
    <Dialog title={t('profile')} onClose={closePerson}>
      {fault && <p class="fault">{fault}</p>}
      {user && <Profile user={user} />}
      {user && <Deeds user={user} />}
    </Dialog>
  );
}

function Profile({ user }: { readonly user: UserView }) {
  follow('presence');
  follow('people');
  const me = client.user;
  const presence = me?.id === user.id ? ownPresence(me) : client.presence.of(user.id);
  const role = user.role === 'user' ? '' : ` · ${t(user.role)}`;
  return (
    <div class="profile">
      <Avatar url={user.avatarUrl} name={user.displayName} size={96} state={presence?.state} />
      <h3>
        <bdi>{nameOf(user)}</bdi>
      </h3>
      <p class="soft">
        {nameOf(user) !== user.displayName && `${user.displayName} · `}@{user.username}
        {role}
      </p>
      <p>{statusOf(user, presence)}</p>
      {user.bio && <p class="bio">{user.bio}</p>}
    </div>
  );
}

function Deeds({ user }: { readonly user: UserView }) {
  follow('people');
  const isMe = user.id === client.user?.id;
  const isFriend = client.people.friends.has(user.id);
  const write = () => {
    closePerson();
    void openDirect(user.id);
  };
  return (
    <>
      <div class="actions">
        <Button look="main" onClick={write}>
          <Icon of={MessageCircle} size={18} /> {isMe ? t('notes') : t('write')}
        </Button>
        {!isMe && <FriendButton user={user} />}
      </div>
      {isFriend && <Alias user={user} />}
      {!isMe && (
        <div class="actions aside-section">
          {isFriend && (
            <Button look="danger" onClick={() => void unfriend(user)}>
              <Icon of={UserMinus} size={18} /> {t('unfriend')}
            </Button>
          )}
          <BlockButton user={user} />
        </div>
      )}
    </>
  );
}

function Alias({ user }: { readonly user: UserView }) {
  const save = async (form: HTMLFormElement) => {
    await client.rest.friends.setAlias(user.id, filledOf(form, 'alias') ?? null);
    tell(t('saved'));
  };
  return (
    <Form label={t('aliasForm')} action={t('save')} onSubmit={save}>
      <Field
        label={t('alias')}
        hint={t('aliasHint')}
        name="alias"
        defaultValue={client.people.friends.get(user.id)?.alias ?? ''}
        maxLength={64}
      />
    </Form>
  );
}

function BlockButton({ user }: { readonly user: UserView }) {
  follow('people');
  if (client.people.blocks.has(user.id))
    return <Button onClick={() => void attempt(() => client.rest.friends.unblock(user.id))}>{t('unblock')}</Button>;
  return (
    <Button look="danger" onClick={() => void block(user)}>
      <Icon of={Ban} size={18} /> {t('block')}
    </Button>
  );
}

async function unfriend(user: UserView): Promise<void> {
  const question = { title: t('unfriendTitle', named(user)), text: t('unfriendText'), action: t('unfriend') };
  if (await confirm(question)) await attempt(() => client.rest.friends.remove(user.id));
}

async function block(user: UserView): Promise<void> {
  const question = { title: t('blockTitle', named(user)), text: t('blockText', named(user)), action: t('block') };
  if (await confirm(question)) await attempt(() => client.rest.friends.block(user.id));
}

const named = (user: UserView) => ({ name: nameOf(user) });
