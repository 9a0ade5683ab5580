import { THEMES, type Theme, chooseTheme, theme } from '../app/theme.js';
import { LOCALES, type Locale, chooseLocale, locale } from '../i18n/locale.js';
import { defineTexts } from '../i18n/texts.js';
import { Choice } from '../ui/field.js';
import { Section } from './section.js';

const t = defineTexts(
  {
    title: 'Look',
    language: 'Language',
    theme: 'Colours',
    system: 'As the device has it',
    light: 'Light',
    dark: 'Dark',
  },
  { title: '外观', language: '语言', theme: '颜色', system: '跟随系统', light: '浅色', dark: '深色' },
);

/** Language and colours, for this browser. */
export function Look() {
  return (
    <Section title={t('title')}>
      <div class="side-by-side">
        <Choice<Locale>
          label={t('language')}
          value={locale.value}
          options={Object.entries(LOCALES) as [Locale, string][]}
          onChoose={chooseLocale}
        />
        <Choice<Theme>
          label={t('theme')}
          value={theme.value}
          options={THEMES.map((one) => [one, t(one)])}
          onChoose={chooseTheme}
        />
      </div>
    </Section>
  );
}
