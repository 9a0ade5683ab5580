import type { MemberRoomView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { defineTexts } from '../i18n/texts.js';
import { momentOf } from '../i18n/times.js';
import { Dialog } from '../ui/dialog.js';
import { Choice, Field, filledOf, valueOf } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { DAY_MS, FOR_GOOD_MS, HOUR_MS, aheadBy } from '../ui/spans.js';
import { isMuted } from './room-standing.js';

const t = defineTexts(
  {
    title: 'My settings here',
    hint: 'They are yours alone; nobody else sees them.',
    notify: 'Tell me of',
    all: 'All messages',
    mentions: 'Only messages that mention me',
    none: 'Nothing',
    mute: 'Silence',
    unmuted: 'Not silenced',
    kept: 'Until {time}',
    hour: 'For an hour',
    work: 'For eight hours',
    day: 'For a day',
    week: 'For a week',
    good: 'Until I end it',
    alias: 'What I call it',
    aliasHint: 'Left empty, its own name is shown.',
    save: 'Save',
  },
  {
    title: '我的设置',
    hint: '这些设置只对您自己有效，其他人看不到。',
    notify: '通知我',
    all: '所有消息',
    mentions: '仅提到我的消息',
    none: '不通知',
    mute: '静音',
    unmuted: '不静音',
    kept: '直到 {time}',
    hour: '一小时',
    work: '八小时',
    day: '一天',
    week: '一周',
    good: '直到我取消',
    alias: '备注名',
    aliasHint: '留空则显示原来的名称。',
    save: '保存',
  },
);

const SPANS = { hour: HOUR_MS, work: 8 * HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, good: FOR_GOOD_MS } as const;
type Span = keyof typeof SPANS;

interface OwnSettingsProps {
  readonly roomId: string;
  readonly onClose: () => void;
}

/** What the reader hears of a room, and what he calls it. */
export function OwnSettings({ roomId, onClose }: OwnSettingsProps) {
  const view = client.rooms.get(roomId)?.view;
  if (!view) return null;
  const save = async (form: HTMLFormElement) => {
    const mute = valueOf(form, 'mute');
    await client.rest.updateOwnSettings(roomId, {
      notify: valueOf(form, 'notify') as MemberRoomView['notify'],
      alias: filledOf(form, 'alias') ?? null,
      ...(mute === 'kept' ? {} : { mutedUntil: mute in SPANS ? aheadBy(SPANS[mute as Span]) : null }),
    });
    onClose();
  };
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <p class="soft">{t('hint')}</p>
      <Form label={t('title')} action={t('save')} onSubmit={save}>
        <Choice
          label={t('notify')}
          name="notify"
          value={view.notify}
          options={(['all', 'mentions', 'none'] as const).map((level) => [level, t(level)])}
        />
        <Choice label={t('mute')} name="mute" value={isMuted(view) ? 'kept' : 'unmuted'} options={mutesOf(view)} />
        <Field label={t('alias')} name="alias" hint={t('aliasHint')} defaultValue={view.alias ?? ''} maxLength={64} />
      </Form>
    </Dialog>
  );
}

function mutesOf(view: MemberRoomView): (readonly [string, string])[] {
  const spans = (Object.keys(SPANS) as Span[]).map((span) => [span, t(span)] as const);
  const kept = isMuted(view) ? [['kept', t('kept', { time: momentOf(view.mutedUntil ?? '') })] as const] : [];
  return [...kept, ['unmuted', t('unmuted')], ...spans];
}
