import { Pin, X } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { IconButton } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { usePages } from '../../ui/load.js';
import { More } from '../../ui/more.js';
import type { OpenRoom } from '../open-room.js';
import { FoundRow } from './found-row.js';

const t = defineTexts(
  {
    title: 'Pinned messages',
    close: 'Close pinned messages',
    none: 'Nothing is pinned',
    noneText: 'Pin what should be at hand: by the menu of a message.',
  },
  { title: '置顶消息', close: '关闭置顶消息', none: '还没有置顶消息', noneText: '通过消息菜单可以置顶重要内容。' },
);

interface PinsPanelProps {
  readonly open: OpenRoom;
  readonly onClose: () => void;
  readonly onJump: (message: MessageView) => void;
}

/** Milliseconds in which changes are shown together. */
const TOGETHER_MS = 300;

/** What a room keeps at hand. */
export function PinsPanel({ open, onClose, onJump }: PinsPanelProps) {
  const pages = usePages((cursor) => client.rest.pins(open.roomId, { cursor }), open.roomId);
  useChanges(open, pages.reload);
  const { items, isLoading, fault } = pages;
  return (
    <section class="search-panel" aria-label={t('title')} onKeyDown={({ key }) => key === 'Escape' && onClose()}>
      <header>
        <h2>{t('title')}</h2>
        <IconButton icon={X} label={t('close')} onClick={onClose} />
      </header>
      {!isLoading && !fault && items.length === 0 && <Empty icon={Pin} title={t('none')} text={t('noneText')} />}
      <ol class="found" aria-label={t('title')}>
        {items.map((message) => (
          <FoundRow key={message.id} message={message} isInRoom onJump={() => onJump(message)} />
        ))}
      </ol>
      <More {...pages} />
    </section>
  );
}

/** Calls it when something in the room has changed that was there before: a pin may be far above what is loaded. */
function useChanges(open: OpenRoom, reload: () => void): void {
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    let shownTo = open.state?.lastRev ?? 0;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stop = client.on('room', ({ roomId }) => {
      const { state } = open;
      if (roomId !== open.roomId || !state) return;
      const added = state.messages.filter(({ rev }) => rev > shownTo).length;
      const isChanged = state.lastRev - shownTo > added;
      shownTo = state.lastRev;
      if (!isChanged) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => latest.current(), TOGETHER_MS);
    });
    return () => {
      clearTimeout(waiting);
      stop();
    };
  }, [open]);
}
