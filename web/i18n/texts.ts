import { type Locale, locale } from './locale.js';

/** A text with `{name}` places; two forms where it counts something: `one` is for exactly one, and only in English. */
type Text = string | { readonly one: string; readonly other: string };
type Values = Readonly<Record<string, string | number>>;

/**
 * The texts of one part of the page. The result gives a text in the language that is shown, with its places filled:
 * `count` chooses the form. A component that calls it is drawn again when the language changes.
 */
export function defineTexts<const Key extends string>(
  en: Readonly<Record<Key, Text>>,
  zh: Readonly<Record<NoInfer<Key>, string>>,
): (key: Key, values?: Values) => string {
  const texts: Record<Locale, Readonly<Record<Key, Text>>> = { en, zh };
  return (key, values = {}) => fill(formOf(texts[locale.value][key], values), values);
}

function formOf(text: Text, { count }: Values): string {
  if (typeof text === 'string') return text;
  return count === 1 ? text.one : text.other;
}

const fill = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => isolated(String(values[name] ?? place)));

/** Letters that run from right to left, and signs that turn what stands around them. */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A text as it stands in another one: whichever way it runs, the words around it keep theirs. */
export const isolated = (text: string): string => (TURNS.test(text) ? `\u2068${text}\u2069` : text);
