import type { Contact, PreferencesView } from '../../src/protocol/views.js';
import { client } from '../app/client.js';
import { follow } from '../app/live.js';
import { defineTexts } from '../i18n/texts.js';
import { Choice, Switch } from '../ui/field.js';
import { useLoaded } from '../ui/load.js';
import { attempt } from '../ui/toast.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'Privacy',
    contact: 'Who may write to me and add me to rooms',
    everybody: 'Everybody',
    friends: 'Friends only',
    nobody: 'Nobody',
    receipts: 'Tell others what I have received and read',
  },
  {
    title: '隐私',
    contact: '谁可以给我发私信、邀请我进房间',
    everybody: '所有人',
    friends: '仅好友',
    nobody: '任何人都不可以',
    receipts: '让别人知道我已收到和已读',
  },
);

/** What others may do, and are told. */
export function Preferences() {
  follow('me');
  const { value, reload } = useLoaded(() => client.rest.preferences(), '');
  if (!value) return null;
  const set = (change: Partial<PreferencesView>) =>
    void attempt(() => client.rest.updatePreferences(change)).then(reload);
  return (
    <Section title={t('title')}>
      <Choice<Contact>
        label={t('contact')}
        value={value.contact}
        options={(['everybody', 'friends', 'nobody'] as const).map((one) => [one, t(one)])}
        onChoose={(contact) => set({ contact })}
      />
      <Switch
        label={t('receipts')}
        checked={value.receipts}
        onChange={({ currentTarget }) => set({ receipts: currentTarget.checked })}
      />
    </Section>
  );
}
