import { useComputed } from '@preact/signals';
import { defineTexts } from '../../i18n/texts.js';
import { dayOf } from '../../i18n/times.js';
import { blockedText, isBlocked } from '../../people/blocked.js';
import type { OpenRoom } from '../open-room.js';
import type { Row } from './row.js';
import { MessageRow } from './message-row.js';
import { Notice } from './notice.js';
import { PendingMessageRow } from './pending-row.js';
import { isOwn, isSameDay, isTogether, timeOf } from './row-facts.js';
import { labelOf } from './row-label.js';
import { rowTriggers } from './row-triggers.js';

const t = defineTexts({ fresh: 'New' }, { fresh: '新消息' });

interface ListRowProps {
  readonly open: OpenRoom;
  readonly row: Row;
  readonly before: Row | null;
  readonly after: Row | null;
  /** Whether Tab leads here, because it leads to no other row. */
  readonly isEntry: boolean;
}

/** One row of the list, with what stands above it: the day that begins, and the line of what is new. */
export function ListRow({ open, row, before, after, isEntry }: ListRowProps) {
  const isActive = useComputed(() => open.activeId.value === row.id).value;
  const isFlashing = useComputed(() => open.timeline.flashId.value === row.id).value;
  const isFirstNew = useComputed(() => isNewFrom(row, open.timeline.newFrom.value)).value;
  const isUnfolded = useComputed(() => open.unfolded.value.has(row.id)).value;
  const isFolded = row.kind === 'text' && isBlocked(row.senderId) && !isUnfolded;
  const startsDay = !isSameDay(before, row);
  const starts = startsDay || isFirstNew || !isTogether(before, row);
  const joins = { starts, ends: !isTogether(row, after) };
  return (
    <li
      data-row={row.id}
      class={isFlashing ? 'flash' : undefined}
      tabIndex={isActive || isEntry ? 0 : -1}
      aria-label={isFolded ? blockedText() : labelOf(row)}
      {...rowTriggers(open, row)}
    >
      {startsDay && (
        <p class="day-line">
          <span>{dayOf(timeOf(row))}</span>
        </p>
      )}
      {isFirstNew && (
        <p class="new-line">
          <span>{t('fresh')}</span>
        </p>
      )}
      {row.kind === 'notice' && <Notice notice={row} />}
      {row.kind === 'pending' && <PendingMessageRow pending={row.pending} joins={joins} />}
      {row.kind === 'text' && (
        <MessageRow open={open} message={row} joins={joins} isActive={isActive} isFolded={isFolded} />
      )}
    </li>
  );
}

const isNewFrom = (row: Row, seq: number | null): boolean =>
  seq !== null && row.kind === 'text' && row.seq === seq && !isOwn(row);
