import { Check, CheckCheck } from 'lucide';
import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { follow } from '../../app/live.js';
import { defineTexts } from '../../i18n/texts.js';
import { Icon } from '../../ui/icon.js';

const t = defineTexts(
  { sent: 'Sent', delivered: 'Delivered', read: 'Read' },
  { sent: '已发送', delivered: '已送达', read: '已读' },
);

/** How far one's own message has come. */
export function SentMark({ message }: { readonly message: MessageView }) {
  follow(`receipts:${message.roomId}`);
  const state = client.stateOf(message);
  return (
    <span class={`sent-mark ${state}`} role="img" aria-label={t(state)} title={t(state)}>
      <Icon of={state === 'sent' ? Check : CheckCheck} size={14} />
    </span>
  );
}
