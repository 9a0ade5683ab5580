import { Ellipsis, UserPlus } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { MemberRoomView, MemberView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icon.js';
import { usePages } from '../ui/load.js';
import { Menu } from '../ui/menu.js';
import { More } from '../ui/more.js';
import { type Abilities, useAbilities } from './abilities.js';
import { AddMembers } from './add-members.js';
import { Bans } from './bans.js';
import { deedsOf } from './member-deeds.js';
import { MemberRow } from './member-row.js';

const t = defineTexts(
  {
    title: 'Members',
    count: { one: '{count} member', other: '{count} members' },
    add: 'Add people',
    banned: 'Banned people',
    back: 'Back to the members',
    deeds: 'What to do about {name}',
  },
  {
    title: '成员',
    count: '{count} 位成员',
    add: '添加成员',
    banned: '封禁名单',
    back: '返回成员列表',
    deeds: '对{name}的操作',
  },
);

interface MembersProps {
  readonly roomId: string;
  readonly onClose: () => void;
}

/** Who is in a room, and what the reader may do about them. */
export function Members({ roomId, onClose }: MembersProps) {
  follow(`room:${roomId}`);
  const [shown, setShown] = useState<'members' | 'add' | 'bans'>('members');
  const abilities = useAbilities(roomId);
  const room = client.rooms.get(roomId)?.view;
  if (!room) return null;
  const back = () => setShown('members');
  return (
    <Dialog title={t('title')} onClose={onClose}>
      {shown === 'members' && (
        <>
          <div class="actions">
            {abilities.can('member.add') && (
              <Button onClick={() => setShown('add')}>
                <Icon of={UserPlus} size={18} /> {t('add')}
              </Button>
            )}
            {abilities.can('member.ban') && <Button onClick={() => setShown('bans')}>{t('banned')}</Button>}
          </div>
          <MemberList room={room} abilities={abilities} />
        </>
      )}
      {shown === 'add' && <AddMembers roomId={roomId} onDone={back} />}
      {shown === 'bans' && <Bans roomId={roomId} />}
      {shown !== 'members' && (
        <Button look="quiet" onClick={back}>
          {t('back')}
        </Button>
      )}
    </Dialog>
  );
}

function MemberList({ room, abilities }: { readonly room: MemberRoomView; readonly abilities: Abilities }) {
  const pages = usePages((cursor) => client.rest.members(room.id, { cursor, limit: 100 }), room.id);
  const { reload } = pages;
  useEffect(() => client.on('member', (told) => told.room.id === room.id && reload()), [room.id]);
  return (
    <section>
      <h3>{t('count', { count: room.memberCount })}</h3>
      <ul class="people-list" aria-label={t('title')}>
        {pages.items.map((member) => (
          <MemberRow key={member.user.id} member={member}>
            <Deeds room={room} member={member} abilities={abilities} />
          </MemberRow>
        ))}
      </ul>
      <More {...pages} />
    </section>
  );
}

function Deeds(facts: { readonly room: MemberRoomView; readonly member: MemberView; readonly abilities: Abilities }) {
  const items = deedsOf(facts);
  if (items.length === 0) return null;
  return <Menu icon={Ellipsis} label={t('deeds', { name: facts.member.user.displayName })} items={items} />;
}
