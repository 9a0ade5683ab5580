import { CircleAlert, Clock3, Paperclip } from 'lucide';
import type { PendingMessage } from '../../../sdk/outbox-entry.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { Button } from '../../ui/button.js';
import { codeText } from '../../ui/fault-codes.js';
import { Icon } from '../../ui/icon.js';
import { Clock } from './clock.js';
import { type Joins, rowClass } from './row-facts.js';
import { RichText } from './rich-text.js';
import { foldedText } from './text-parts.js';

const t = defineTexts(
  {
    waiting: 'Sending…',
    notSent: 'Not sent',
    refused: 'Not sent: {reason}',
    again: 'Send again',
    delete: 'Delete',
    files: { one: 'a file', other: '{count} files' },
    forwarded: 'a forwarded message',
  },
  {
    waiting: '发送中…',
    notSent: '未发送',
    refused: '未发送：{reason}',
    again: '重新发送',
    delete: '删除',
    files: '{count} 个文件',
    forwarded: '转发的消息',
  },
);

/** One's own message on its way, or one that was refused, with what can be done about it. */
export function PendingMessageRow({ pending, joins }: { readonly pending: PendingMessage; readonly joins: Joins }) {
  const { id, draft, text, state, error } = pending;
  const isRefused = state === 'refused';
  const mark = t(isRefused ? 'notSent' : 'waiting');
  const count = draft.attachmentIds?.length ?? 0;
  return (
    <div class={rowClass(true, joins)}>
      <div class="said">
        <div class={isRefused ? 'bubble refused' : 'bubble waiting'}>
          {count > 0 && (
            <p class="forwarded">
              <Icon of={Paperclip} size={14} /> {t('files', { count })}
            </p>
          )}
          {draft.forwardOf && <p class="forwarded">{t('forwarded')}</p>}
          <div class="body" dir="auto">
            <span class="text">
              <RichText text={foldedText(text, { characters: 1200, lines: 20 })} mentions={draft.mentions ?? []} />
            </span>
            <span class="meta">
              <Clock at={new Date(pending.at).toISOString()} />
              <span role="img" aria-label={mark} title={mark}>
                <Icon of={isRefused ? CircleAlert : Clock3} size={14} />
              </span>
            </span>
          </div>
        </div>
        {isRefused && (
          <div class="refusal" role="alert">
            <span>{t('refused', { reason: error ? codeText(error.code) : '' })}</span>
            <Button look="quiet" onClick={() => void client.resend(id)}>
              {t('again')}
            </Button>
            <Button look="quiet" onClick={() => client.discard(id)}>
              {t('delete')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
