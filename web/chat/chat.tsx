import { MessageCircleOff } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { MessageView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { connection } from '../app/connection.js';
import { follow } from '../app/live.js';
import { go, hrefOf, route } from '../app/route.js';
import { defineTexts } from '../i18n/texts.js';
import { Empty } from '../ui/empty.js';
import { later } from '../ui/later.js';
import { isBarred } from './composer/barred.js';
import { Composer } from './composer/composer.js';
import { uploadsOf } from './composer/uploads.js';
import { DropZone } from './composer/drop-zone.js';
import { Announcer } from './messages/announcer.js';
import { FirstNewButton, JumpButtons, MessageList } from './messages/message-list.js';
import { Overlays } from './messages/overlays.js';
import { TypingLine } from './messages/typing-line.js';
import { OpenRoom } from './open-room.js';
import { RoomHeader } from './room-header.js';
import { askLimits } from './server-limits.js';

const t = defineTexts(
  {
    none: 'This talk is not open to you',
    noneText: 'You are not a member of it, or it is not there any more.',
    home: 'To my talks',
    loading: 'Loading…',
  },
  { none: '您无法查看此会话', noneText: '您不是成员，或者它已不存在。', home: '返回会话列表', loading: '加载中…' },
);

const SearchPanel = later(async () => (await import('./search/search-panel.js')).SearchPanel);
const PinsPanel = later(async () => (await import('./search/pins-panel.js')).PinsPanel);

interface ChatProps {
  readonly roomId: string;
  /** A message that the address names. */
  readonly messageId?: string;
}

/** The room that is open; its key is the room's id. */
export function Chat({ roomId, messageId }: ChatProps) {
  follow('rooms');
  const isThere = (client.rooms.get(roomId)?.view ?? null) !== null;
  if (isThere) return <Room roomId={roomId} messageId={messageId} />;
  return (
    <main class="chat">
      {connection.value?.state === 'online' ? (
        <Empty icon={MessageCircleOff} title={t('none')} text={t('noneText')}>
          <a class="button" href={hrefOf({ at: 'home' })}>
            {t('home')}
          </a>
        </Empty>
      ) : (
        <p class="chat-loading">{t('loading')}</p>
      )}
    </main>
  );
}

function Room({ roomId, messageId }: ChatProps) {
  follow(`room:${roomId}`);
  const [open] = useState(() => new OpenRoom(roomId));
  const view = client.rooms.get(roomId)?.view;
  useEffect(() => {
    askLimits();
    void open.enter(messageId);
    const stop = client.on('room', (told) => told.roomId === roomId && open.timeline.onChanged());
    const onVisible = () => open.timeline.onVisible();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      open.leave();
      stop();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [open]);
  useEffect(() => {
    if (messageId && open.isEntered) void open.timeline.jumpTo(messageId);
  }, [messageId]);
  const rights = view && JSON.stringify([view.role, view.archivedAt, view.settings]);
  useEffect(() => void open.askAbilities(), [rights]);
  const isOnline = connection.value?.state === 'online';
  useEffect(() => {
    if (isOnline && open.isEntered) open.onOnline();
  }, [isOnline]);
  useRightsNews(open);
  if (!view) return null;
  return (
    <main class="chat">
      <DropZone uploads={uploadsOf(roomId)} isOpen={!isBarred(open)}>
        <RoomHeader open={open} view={view} />
        <div class="list-box">
          <MessageList open={open} />
          <FirstNewButton open={open} />
          <JumpButtons open={open} />
        </div>
        <TypingLine roomId={roomId} />
        <Composer open={open} />
        <Announcer roomId={roomId} />
      </DropZone>
      <Panel open={open} />
      <Overlays open={open} />
    </main>
  );
}

/** What changes one's rights without changing the room: a mute, a block, one's own message in slow mode. */
function useRightsNews(open: OpenRoom): void {
  useEffect(() => {
    const me = () => client.user?.id;
    const stops = [
      client.on(
        'member',
        ({ room, change }) => room.id === open.roomId && change.userId === me() && void open.askAbilities(),
      ),
      client.on('people', () => open.state?.view?.kind === 'direct' && void open.askAbilities()),
      client.on('refused', ({ message }) => message.roomId === open.roomId && void open.askAbilities()),
      client.on('message', ({ room, message }) => {
        const isSlow = (room.view?.settings.slowModeSeconds ?? 0) > 0;
        if (room.id === open.roomId && isSlow && message.senderId === me()) void open.askAbilities();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [open]);
}

function Panel({ open }: { readonly open: OpenRoom }) {
  const panel = open.panel.value;
  if (!panel) return null;
  const close = () => (open.panel.value = null);
  const jump = ({ id, roomId }: MessageView) => {
    if (matchMedia('(max-width: 900px)').matches) close();
    // The address names it, so that going back leads here again.
    if (route.value.at === 'room' && route.value.messageId === id) void open.timeline.jumpTo(id);
    else go({ at: 'room', roomId, messageId: id });
  };
  if (panel === 'search') return <SearchPanel roomId={open.roomId} onClose={close} onJump={jump} />;
  return <PinsPanel open={open} onClose={close} onJump={jump} />;
}
