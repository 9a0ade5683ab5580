import { useEffect, useState } from 'preact/hooks';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { isBlocked } from '../../people/blocked.js';
import { labelOf } from './row-label.js';

const t = defineTexts(
  { some: { one: 'One new message.', other: '{count} new messages.' } },
  { some: '{count} 条新消息。' },
);

/** Milliseconds for which messages are gathered, and how many of them are read out one by one. */
const GATHER_MS = 1500;
const MOST_READ = 3;

/** Reads new messages of others out to who cannot see them, a few at a time. */
export function Announcer({ roomId }: { readonly roomId: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    let heard: MessageView[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const speak = () => {
      setSaid(heard.length > MOST_READ ? t('some', { count: heard.length }) : heard.map(labelOf).join(' '));
      heard = [];
      timer = undefined;
    };
    const stop = client.on('message', ({ room, message }) => {
      const isOthers = message.senderId !== client.user?.id && message.kind === 'text';
      if (room.id !== roomId || !isOthers || isBlocked(message.senderId)) return;
      heard.push(message);
      timer ??= setTimeout(speak, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [roomId]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
