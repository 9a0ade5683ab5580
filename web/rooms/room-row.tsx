import { AtSign, Archive, BellOff } from 'lucide';
import { useEffect } from 'preact/hooks';
import type { RoomState } from '../../sdk/room-state.js';
import type { MemberRoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { nameOf, userOf } from '../app/names.js';
import { hrefOf } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf, shortTimeOf } from '../i18n/times.js';
import { isBlocked } from '../people/blocked.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icon.js';
import { askLast, lastMessageOf, lineOf } from './last-line.js';
import { isMuted } from './room-standing.js';
import { pictureOf, titleOf } from './room-titles.js';

const t = defineTexts(
  {
    unread: '{count} unread',
    mention: 'You were mentioned',
    muted: 'Silenced',
    archived: 'Archived',
    typing: '{name} is typing…',
    several: 'Several people are typing…',
    silent: 'Nothing said yet',
  },
  {
    unread: '{count} 条未读',
    mention: '有人提到我',
    muted: '已静音',
    archived: '已归档',
    typing: '{name}正在输入…',
    several: '多人正在输入…',
    silent: '还没有消息',
  },
);

interface RoomRowProps {
  readonly room: RoomState;
  readonly view: MemberRoomView;
  readonly isOpen: boolean;
}

/** A room in the list of talks: what it is called, what was said last, and how much of it is new. */
export function RoomRow({ room, view, isOpen }: RoomRowProps) {
  follow(`room:${room.id}`);
  follow('presence');
  const last = lastMessageOf(room);
  const isUnknown = !last && room.headRev > 0;
  useEffect(() => {
    if (isUnknown) askLast(room.id);
  }, [isUnknown]);
  const title = titleOf(view);
  const state = view.peer && client.presence.of(view.peer.id)?.state;
  return (
    <li>
      <a class="room-row" href={hrefOf({ at: 'room', roomId: room.id })} aria-current={isOpen ? 'page' : undefined}>
        <Avatar url={pictureOf(view)} name={title} size={46} state={state} />
        <span class="names">
          <span class="name">
            <bdi>{title}</bdi>
            <Marks view={view} />
          </span>
          <span class="line">
            <LastLine room={room} view={view} />
          </span>
        </span>
        <span class="facts">
          {last && (
            <time dateTime={last.createdAt} title={momentOf(last.createdAt)}>
              {shortTimeOf(last.createdAt)}
            </time>
          )}
          <Badges unread={room.unread} mentions={room.mentions} isQuiet={isMuted(view) || view.notify === 'none'} />
        </span>
      </a>
    </li>
  );
}

function LastLine({ room, view }: Pick<RoomRowProps, 'room' | 'view'>) {
  follow(`room:${room.id}`);
  follow(`typing:${room.id}`);
  const writing = client.typing.in(room.id).filter((id) => !isBlocked(id));
  const [first, ...others] = writing.map((id) => userOf(id));
  if (first) {
    const text = others.length > 0 ? t('several') : t('typing', { name: nameOf(first) });
    return <em class="typing">{text}</em>;
  }
  const last = lastMessageOf(room);
  return last ? lineOf(last, view.kind === 'direct') : <bdi>{view.topic ?? t('silent')}</bdi>;
}

function Marks({ view }: { readonly view: MemberRoomView }) {
  return (
    <>
      {isMuted(view) && (
        <span class="mark" role="img" aria-label={t('muted')} title={t('muted')}>
          <Icon of={BellOff} size={13} />
        </span>
      )}
      {view.archivedAt !== null && (
        <span class="mark" role="img" aria-label={t('archived')} title={t('archived')}>
          <Icon of={Archive} size={13} />
        </span>
      )}
    </>
  );
}

interface BadgesProps {
  readonly unread: number;
  readonly mentions: number;
  readonly isQuiet: boolean;
}

function Badges({ unread, mentions, isQuiet }: BadgesProps) {
  if (unread === 0) return null;
  const text = t('unread', { count: unread });
  return (
    <span class="badges">
      {mentions > 0 && (
        <span class="badge" role="img" aria-label={t('mention')} title={t('mention')}>
          <Icon of={AtSign} size={12} />
        </span>
      )}
      <span class={isQuiet ? 'badge quiet' : 'badge'} role="img" aria-label={text} title={text}>
        {unread > 999 ? '999+' : unread}
      </span>
    </span>
  );
}
