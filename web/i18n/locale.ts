import { effect, signal } from '@preact/signals';

/** The languages of the page, each by its own name. */
export const LOCALES = { en: 'English', zh: '中文' } as const;
export type Locale = keyof typeof LOCALES;

const KEY = 'parley.locale';

/** The language that is shown: what was chosen here, or else the first of the browser's that the page speaks. */
export const locale = signal<Locale>(chosen() ?? preferred(navigator.languages));

effect(() => {
  document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en';
});

/** Chooses a language, for this browser. */
export function chooseLocale(next: Locale): void {
  localStorage.setItem(KEY, next);
  locale.value = next;
}

function chosen(): Locale | null {
  const kept = localStorage.getItem(KEY);
  return kept === 'en' || kept === 'zh' ? kept : null;
}

function preferred(languages: readonly string[]): Locale {
  const known = languages.map((language) => language.slice(0, 2).toLowerCase());
  return known.find((language): language is Locale => language in LOCALES) ?? 'en';
}
