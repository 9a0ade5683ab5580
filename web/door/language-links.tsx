import { LOCALES, type Locale, chooseLocale, locale } from '../i18n/locale.js';
import { defineTexts } from '../i18n/texts.js';

const t = defineTexts({ language: 'Language' }, { language: '语言' });

/** The languages of the page, each by its own name. */
export function LanguageLinks() {
  return (
    <div class="languages" role="group" aria-label={t('language')}>
      {Object.entries(LOCALES).map(([one, name]) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === locale.value}
          onClick={() => chooseLocale(one as Locale)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
