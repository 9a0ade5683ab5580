import type { MessageView } from '../../../src/protocol/views.js';
import { client } from '../../app/client.js';
import { defineTexts } from '../../i18n/texts.js';
import { momentOf } from '../../i18n/times.js';
import { Dialog } from '../../ui/dialog.js';
import { useLoaded } from '../../ui/load.js';
import { RichText } from '../messages/rich-text.js';

const t = defineTexts(
  { title: 'Earlier versions', loading: 'Loading…', now: 'Now' },
  { title: '历史版本', loading: '加载中…', now: '现在' },
);

/** What a message said, the newest first. */
export function RevisionsDialog({ message, onClose }: { readonly message: MessageView; readonly onClose: () => void }) {
  const { value, fault } = useLoaded(() => client.rest.revisions(message.id), `${message.id} ${message.lastRev}`);
  return (
    <Dialog title={t('title')} onClose={onClose}>
      {!value && <p class={fault ? 'fault' : 'soft'}>{fault || t('loading')}</p>}
      <ol class="revisions" reversed>
        {[...(value?.items ?? [])].reverse().map(({ no, text, createdAt }, at) => (
          <li key={no}>
            <p class="soft">{at === 0 ? t('now') : momentOf(createdAt)}</p>
            <p dir="auto" class="text">
              <RichText text={text ?? ''} mentions={message.mentions} />
            </p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
