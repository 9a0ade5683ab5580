import { Lock } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { ErrorCode } from '../../../src/protocol/errors.js';
import { defineTexts } from '../../i18n/texts.js';
import { momentOf } from '../../i18n/times.js';
import { codeText } from '../../ui/fault-codes.js';
import { Icon } from '../../ui/icon.js';
import { isForGood } from '../../ui/spans.js';
import type { OpenRoom } from '../open-room.js';

const t = defineTexts(
  {
    archived: 'This room is archived. It can be read, but nobody writes here any more.',
    readOnly: 'Only admins write in this room.',
    muted: 'You are muted here until {until}.',
    mutedForGood: 'You are muted here.',
    blocked: 'One of you has blocked the other, so nothing can be sent here.',
    closed: 'This user is not written to by you at the moment.',
    slow: {
      one: 'Slow mode: you can write again in a second.',
      other: 'Slow mode: you can write again in {count} seconds.',
    },
  },
  {
    archived: '此房间已归档，可以查看，但不能再发消息。',
    readOnly: '此房间只有管理员可以发言。',
    muted: '您已被禁言，至 {until}。',
    mutedForGood: '您已被禁言。',
    blocked: '你们中有一方屏蔽了对方，无法发送消息。',
    closed: '对方目前不接受您的消息。',
    slow: '慢速模式：{count} 秒后可再次发言。',
  },
);

/** Whether one may not write here, for longer than slow mode lasts. */
export function isBarred(open: OpenRoom): boolean {
  const told = open.abilities.value?.['message.send'];
  return told !== undefined && !told.allowed && told.code !== 'SLOW_MODE';
}

/** When one may write again in slow mode, in epoch milliseconds; null where one may now. */
export function slowUntil(open: OpenRoom): number | null {
  const told = open.abilities.value?.['message.send'];
  const until = told?.code === 'SLOW_MODE' && told.until ? Date.parse(told.until) : 0;
  return until > Date.now() ? until : null;
}

/** Why one may not write here. */
export function Barred({ open }: { readonly open: OpenRoom }) {
  return (
    <p class="barred" role="status">
      <Icon of={Lock} size={18} /> {reasonOf(open)}
    </p>
  );
}

const REASONS: Readonly<Partial<Record<ErrorCode, Parameters<typeof t>[0]>>> = {
  ROOM_ARCHIVED: 'archived',
  ROOM_READ_ONLY: 'readOnly',
  MUTED: 'mutedForGood',
  BLOCKED: 'blocked',
  CONTACT_CLOSED: 'closed',
};

function reasonOf(open: OpenRoom): string {
  const { code = 'FORBIDDEN', until } = open.abilities.value?.['message.send'] ?? {};
  if (code === 'MUTED' && until && !isForGood(until)) return t('muted', { until: momentOf(until) });
  const reason = REASONS[code];
  return reason ? t(reason) : codeText(code);
}

/** How long one has to wait in slow mode. */
export function SlowLine({ open }: { readonly open: OpenRoom }) {
  const until = slowUntil(open);
  const [, setSecond] = useState(0);
  useEffect(() => {
    if (until === null) return;
    const ticking = setInterval(() => setSecond((second) => second + 1), 1000);
    const over = setTimeout(() => void open.askAbilities(), until - Date.now() + 50);
    return () => {
      clearInterval(ticking);
      clearTimeout(over);
    };
  }, [until]);
  if (until === null) return null;
  return <p class="hint">{t('slow', { count: Math.ceil((until - Date.now()) / 1000) })}</p>;
}
