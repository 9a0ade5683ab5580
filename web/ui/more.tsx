import { defineTexts } from '../i18n/texts.js';
import { Button } from './button.js';
import type { Pages } from './load.js';

const t = defineTexts(
  { more: 'Show more', loading: 'Loading…', again: 'Try again' },
  { more: '显示更多', loading: '加载中…', again: '重试' },
);

/** What stands below a list that comes in pages: that it is coming, why it is not, or a button for more. */
export function More({ isLoading, fault, more, reload }: Pages<unknown>) {
  if (fault !== '')
    return (
      <p class="more fault" role="alert">
        {fault} <Button onClick={reload}>{t('again')}</Button>
      </p>
    );
  if (isLoading) return <p class="more loading">{t('loading')}</p>;
  if (!more) return null;
  return (
    <p class="more">
      <Button onClick={more}>{t('more')}</Button>
    </p>
  );
}
