import { Pin, X } from 'lucide';
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

/** What a room keeps at hand. */
export function PinsPanel({ open, onClose, onJump }: PinsPanelProps) {
  const pages = usePages(
    (cursor) => client.rest.pins(open.roomId, { cursor }),
    `${open.roomId} ${open.pinsVersion.value}`,
  );
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
