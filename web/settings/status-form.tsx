import { useState } from 'preact/hooks';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf } from '../i18n/times.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Choice, Field, filledOf, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { DAY_MS, HOUR_MS, aheadBy } from '../ui/spans.js';
import { attempt, tell } from '../ui/toast.js';

const t = defineTexts(
  {
    title: 'Set a status',
    emoji: 'Emoji',
    text: 'What are you up to?',
    ends: 'It ends',
    never: 'When I clear it',
    kept: '{time}',
    hour: 'In an hour',
    work: 'In four hours',
    day: 'In a day',
    week: 'In a week',
    save: 'Set status',
    clear: 'Clear status',
    saved: 'Saved.',
  },
  {
    title: '设置状态',
    emoji: '表情',
    text: '您在做什么？',
    ends: '结束时间',
    never: '直到我清除',
    kept: '{time}',
    hour: '一小时后',
    work: '四小时后',
    day: '一天后',
    week: '一周后',
    save: '保存状态',
    clear: '清除状态',
    saved: '已保存。',
  },
);

const SPANS = { hour: HOUR_MS, work: 4 * HOUR_MS, day: DAY_MS, week: 7 * DAY_MS } as const;
const EMOJI = ['💬', '🎧', '🍜', '🏖️', '🤒', '🚗', '📚', '🎉'];

/** A few words with an emoji beside one's name, until they end. */
export function StatusForm({ onDone = () => undefined }: { readonly onDone?: () => void }) {
  follow('me');
  const status = client.user?.status ?? null;
  const [emoji, setEmoji] = useState(status?.emoji ?? '');
  const set = async (form: HTMLFormElement) => {
    const ends = valueOf(form, 'ends');
    const span = SPANS[ends as keyof typeof SPANS] as number | undefined;
    const chosen = span === undefined ? null : aheadBy(span);
    const expiresAt = ends === 'kept' ? (status?.expiresAt ?? null) : chosen;
    const text = filledOf(form, 'text') ?? null;
    const isSet = emoji !== '' || text !== null;
    await client.rest.account.update({
      status: isSet ? { text, emoji: emoji || null, expiresAt } : null,
    });
    tell(t('saved'));
    onDone();
  };
  const clear = async () => {
    setEmoji('');
    if (await attempt(() => client.rest.account.update({ status: null }))) onDone();
  };
  const spans = (Object.keys(SPANS) as (keyof typeof SPANS)[]).map((span) => [span, t(span)] as const);
  const kept = status?.expiresAt ? ([['kept', t('kept', { time: momentOf(status.expiresAt) })]] as const) : [];
  return (
    <>
      <Form key={status?.text} label={t('title')} action={t('save')} onSubmit={set}>
        <EmojiRow chosen={emoji} onChoose={setEmoji} />
        <Field label={t('text')} name="text" defaultValue={status?.text ?? ''} maxLength={140} />
        <Choice
          label={t('ends')}
          name="ends"
          value={kept.length > 0 ? 'kept' : ''}
          options={[...kept, ['', t('never')], ...spans]}
        />
      </Form>
      {status && (
        <Button look="quiet" onClick={() => void clear()}>
          {t('clear')}
        </Button>
      )}
    </>
  );
}

/** The same as a dialog. */
export function StatusDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <StatusForm onDone={onClose} />
    </Dialog>
  );
}

interface EmojiRowProps {
  readonly chosen: string;
  readonly onChoose: (emoji: string) => void;
}

function EmojiRow({ chosen, onChoose }: EmojiRowProps) {
  const offered = chosen === '' || EMOJI.includes(chosen) ? EMOJI : [chosen, ...EMOJI];
  return (
    <div class="emoji-row" role="group" aria-label={t('emoji')}>
      {offered.map((emoji) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={emoji === chosen}
          onClick={() => onChoose(emoji === chosen ? '' : emoji)}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
