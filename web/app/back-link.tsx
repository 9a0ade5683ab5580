import { ArrowLeft } from 'lucide';
import { defineTexts } from '../i18n/texts.js';
import { Icon } from '../ui/icon.js';
import { hrefOf } from './route.js';

const t = defineTexts({ back: 'Back to talks' }, { back: '返回会话列表' });

/** Leads from a pane to the list of talks, where only one of them is shown at a time. */
export function BackLink() {
  return (
    <a class="icon-button back-link" href={hrefOf({ at: 'home' })} aria-label={t('back')} title={t('back')}>
      <Icon of={ArrowLeft} />
    </a>
  );
}
