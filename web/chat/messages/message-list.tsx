import { ArrowDown, ArrowUp } from 'lucide';
import { computed, useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { follow } from '../../app/live.js';
import { defineTexts } from '../../i18n/texts.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import type { OpenRoom } from '../open-room.js';
import { listKeys } from './list-keys.js';
import { ListRow } from './list-row.js';

const t = defineTexts(
  {
    messages: 'Messages',
    loading: 'Loading…',
    failed: 'Older messages could not be loaded.',
    again: 'Try again',
    start: 'This is where it begins.',
    toNow: 'Back to now',
    toEnd: 'To the newest message',
    newOnes: { one: '{count} new message', other: '{count} new messages' },
    toFirst: 'To the first new message',
  },
  {
    messages: '消息列表',
    loading: '加载中…',
    failed: '无法加载更早的消息。',
    again: '重试',
    start: '这里是对话的开始。',
    toNow: '回到最新',
    toEnd: '到最新消息',
    newOnes: '{count} 条新消息',
    toFirst: '到第一条新消息',
  },
);

/** The messages of the open room. Only rows near what is visible are in the document. */
export function MessageList({ open }: { readonly open: OpenRoom }) {
  follow(`room:${open.roomId}`);
  const { scroller } = open.timeline;
  void scroller.version.value;
  const viewport = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const rows = open.timeline.rows();
  const { from, to } = scroller.rangeOf(rows);
  useEffect(() => {
    if (viewport.current && list.current) return scroller.attach(viewport.current, list.current);
  }, [scroller]);
  useLayoutEffect(() => scroller.settle());
  const drawn = rows.slice(from, to);
  // Always made anew: it is about the rows that are drawn now.
  const hasActive = computed(() => drawn.some(({ id }) => id === open.activeId.value)).value;
  return (
    <div class="messages" ref={viewport}>
      <TopLine open={open} />
      <ol ref={list} aria-label={t('messages')} onKeyDown={(event) => listKeys(event, open)} {...pointing(open)}>
        {drawn.map((row, at) => (
          <ListRow
            key={row.id}
            open={open}
            row={row}
            before={rows[from + at - 1] ?? null}
            after={rows[from + at + 1] ?? null}
            isEntry={!hasActive && at === drawn.length - 1}
          />
        ))}
      </ol>
    </div>
  );
}

/** Marks the row under the pointer or the focus. */
function pointing(open: OpenRoom) {
  const pointAt = ({ target }: Event) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
    if (row) open.activeId.value = row.dataset['row'] ?? null;
  };
  return {
    onPointerOver: (event: PointerEvent) => event.pointerType === 'mouse' && pointAt(event),
    onPointerLeave: () => !document.activeElement?.closest('[data-row]') && (open.activeId.value = null),
    onFocusIn: pointAt,
  };
}

function TopLine({ open }: { readonly open: OpenRoom }) {
  follow(`room:${open.roomId}`);
  void open.timeline.stretch.value?.version.value;
  if (open.timeline.hasFailed.value) {
    return (
      <p class="top-line" role="alert">
        {t('failed')}{' '}
        <Button look="quiet" onClick={() => void open.timeline.loadMore('top')}>
          {t('again')}
        </Button>
      </p>
    );
  }
  return <p class="top-line">{open.timeline.isComplete ? t('start') : t('loading')}</p>;
}

/** Buttons over the list's ends: down to what is new, and up to where it began. */
export function JumpButtons({ open }: { readonly open: OpenRoom }) {
  follow(`room:${open.roomId}`);
  const isAway = useComputed(() => open.timeline.isAway.value).value;
  if (!isAway) return null;
  const { unseen } = open.timeline;
  const label = unseen > 0 ? t('newOnes', { count: unseen }) : open.timeline.stretch.value ? t('toNow') : '';
  return (
    <button
      type="button"
      class={label ? 'to-end counted' : 'to-end'}
      aria-label={label || t('toEnd')}
      onClick={() => open.timeline.toNow()}
    >
      {label}
      <Icon of={ArrowDown} size={18} />
    </button>
  );
}

/** Above the list, while the first new message lies above what is loaded or visible. */
export function FirstNewButton({ open }: { readonly open: OpenRoom }) {
  follow(`room:${open.roomId}`);
  const seq = open.timeline.newFrom.value;
  const first = open.state?.messages.find((message) => message.seq !== null);
  if (seq === null || !first || first.seq === null || first.seq <= seq || open.timeline.stretch.value) return null;
  return (
    <button type="button" class="to-first" onClick={() => void open.timeline.jumpToFirstNew()}>
      <Icon of={ArrowUp} size={16} />
      {t('toFirst')}
    </button>
  );
}
