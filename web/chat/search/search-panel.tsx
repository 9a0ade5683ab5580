import { Search, X } from 'lucide';
import { useState } from 'preact/hooks';
import type { SearchAsk } from '../../../sdk/rest-asks.js';
import type { FoundView } from '../../../src/protocol/search-views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { IconButton } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { usePages } from '../../ui/load.js';
import { More } from '../../ui/more.js';
import { SearchBox } from '../../ui/search-box.js';
import { FoundRow } from './found-row.js';
import { type Filters, NO_FILTERS, SearchFilters } from './search-filters.js';

const t = defineTexts(
  {
    title: 'Search',
    close: 'Close search',
    search: 'Search messages',
    found: 'Found messages',
    begin: 'Find what was said',
    beginText: 'Type some words, or choose what a message should have.',
    none: 'Nothing found',
    noneText: 'Try other words, or fewer filters.',
    partial: 'The search is still getting to know older messages ({progress} %).',
  },
  {
    title: '搜索',
    close: '关闭搜索',
    search: '搜索消息',
    found: '搜索结果',
    begin: '查找聊天内容',
    beginText: '输入关键词，或选择筛选条件。',
    none: '没有找到',
    noneText: '换个关键词，或减少筛选条件。',
    partial: '较早的消息仍在建立索引（{progress}%）。',
  },
);

interface SearchPanelProps {
  /** Only in this room; else in all of the reader's. */
  readonly roomId?: string;
  readonly query?: string;
  readonly onClose?: () => void;
  /** Goes to a message that was found. */
  readonly onJump: (message: FoundView) => void;
}

/** Finds messages by their words, senders, files and times. */
export function SearchPanel({ roomId, query: first = '', onClose, onJump }: SearchPanelProps) {
  const [query, setQuery] = useState(first);
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [progress, setProgress] = useState(100);
  const ask = askOf({ roomId, query, filters });
  const pages = usePages<FoundView>(async (cursor) => {
    if (!ask) return { items: [], next: null };
    const page = await client.rest.search({ ...ask, cursor });
    setProgress(page.complete ? 100 : page.progress);
    return page;
  }, JSON.stringify(ask));
  return (
    <section class="search-panel" aria-label={t('title')} onKeyDown={({ key }) => key === 'Escape' && onClose?.()}>
      <header>
        <h2>{t('title')}</h2>
        {onClose && <IconButton icon={X} label={t('close')} onClick={onClose} />}
      </header>
      <SearchBox label={t('search')} value={first} onSearch={setQuery} />
      <SearchFilters roomId={roomId} filters={filters} onChange={setFilters} />
      {progress < 100 && <p class="hint">{t('partial', { progress })}</p>}
      {!ask && <Empty icon={Search} title={t('begin')} text={t('beginText')} />}
      {ask && !pages.isLoading && pages.items.length === 0 && !pages.fault && (
        <Empty icon={Search} title={t('none')} text={t('noneText')} />
      )}
      <ol class="found" aria-label={t('found')}>
        {pages.items.map((message) => (
          <FoundRow key={message.id} message={message} isInRoom={roomId !== undefined} onJump={() => onJump(message)} />
        ))}
      </ol>
      {ask && <More {...pages} />}
    </section>
  );
}

/** What to ask the server; null while there is nothing to look for. */
function askOf({ roomId, query, filters }: { roomId?: string; query: string; filters: Filters }): SearchAsk | null {
  const { sender, has, from, to } = filters;
  if (query.trim() === '' && !sender && !has) return null;
  return {
    ...(query.trim() === '' ? {} : { q: query.trim() }),
    ...(roomId === undefined ? {} : { roomId }),
    ...(sender ? { senderId: sender.id } : {}),
    ...(has ? { has } : {}),
    ...(from ? { from: new Date(`${from}T00:00`).toISOString() } : {}),
    ...(to ? { to: new Date(`${to}T23:59:59.999`).toISOString() } : {}),
  };
}
