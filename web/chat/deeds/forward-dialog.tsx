import { useState } from 'preact/hooks';
import type { MemberRoomView, MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { follow } from '../../app/live.js';
import { defineTexts } from '../../i18n/texts.js';
import { pictureOf, titleOf } from '../../rooms/room-titles.js';
import { Avatar } from '../../ui/avatar.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { SearchBox } from '../../ui/search-box.js';
import { tell } from '../../ui/toast.js';

const t = defineTexts(
  {
    title: 'Forward to',
    find: 'Find a room',
    send: { one: 'Forward to one room', other: 'Forward to {count} rooms' },
    none: 'No room is called that.',
    done: 'Forwarded.',
  },
  { title: '转发到', find: '查找房间', send: '转发到 {count} 个房间', none: '没有找到这样的房间。', done: '已转发。' },
);

/** Chooses rooms that a message is copied into. */
export function ForwardDialog({ message, onClose }: { readonly message: MessageView; readonly onClose: () => void }) {
  follow('rooms');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rooms = [...client.rooms.values()].flatMap(({ view }) => (view && view.archivedAt === null ? [view] : []));
  const found = rooms.filter((room) => titleOf(room).toLowerCase().includes(query.toLowerCase()));
  const toggle = (roomId: string) => {
    const next = new Set(chosen);
    if (!next.delete(roomId)) next.add(roomId);
    setChosen(next);
  };
  const forward = () => {
    for (const roomId of chosen) client.send(roomId, { forwardOf: message.id });
    tell(t('done'));
    onClose();
  };
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <SearchBox label={t('find')} onSearch={setQuery} />
      <ul class="choose-rooms">
        {found.map((room) => (
          <Choice key={room.id} room={room} isChosen={chosen.has(room.id)} onToggle={() => toggle(room.id)} />
        ))}
      </ul>
      {found.length === 0 && <p class="soft">{t('none')}</p>}
      <Button look="main" disabled={chosen.size === 0} onClick={forward}>
        {t('send', { count: chosen.size })}
      </Button>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly room: MemberRoomView;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

function Choice({ room, isChosen, onToggle }: ChoiceProps) {
  return (
    <li>
      <label>
        <input type="checkbox" checked={isChosen} onChange={onToggle} />
        <Avatar url={pictureOf(room)} name={titleOf(room)} size={32} />
        <bdi>{titleOf(room)}</bdi>
      </label>
    </li>
  );
}
