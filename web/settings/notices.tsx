import { areNoticesOn, canNotify, setNotices } from '../app/notices.js';
import { defineTexts } from '../i18n/texts.js';
import { Switch } from '../ui/field.js';
import { tell } from '../ui/toast.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'Notices',
    show: 'Show notices in this browser',
    hint: 'Of messages in rooms that you do not look at. Each room has its own settings for it.',
    refused: 'The browser does not allow it. Change that in its settings for this page.',
    never: 'This browser shows none on this page.',
  },
  {
    title: '通知',
    show: '在此浏览器中显示通知',
    hint: '仅在有您没在看的房间消息时通知。每个房间可单独设置。',
    refused: '浏览器不允许通知，请在浏览器的网站设置中更改。',
    never: '此浏览器无法在本页面显示通知。',
  },
);

/** Whether this browser tells of messages while one looks elsewhere. */
export function Notices() {
  const choose = async (isOn: boolean) => {
    if (!(await setNotices(isOn)) && isOn) tell(t('refused'));
  };
  return (
    <Section title={t('title')}>
      <Switch
        label={t('show')}
        hint={canNotify ? t('hint') : t('never')}
        disabled={!canNotify}
        checked={areNoticesOn.value}
        onChange={({ currentTarget }) => void choose(currentTarget.checked)}
      />
    </Section>
  );
}
