import type { Locale } from '../../i18n/locale.js';

/** An emoji with what it is called. */
export interface Emoji {
  readonly sign: string;
  readonly label: string;
  /** Everything it is found by, in lower case. */
  readonly words: string;
  readonly group: number;
}

/** As `emojibase-data` has it in its compact files. */
interface CompactEmoji {
  readonly hexcode: string;
  readonly label: string;
  readonly unicode: string;
  readonly group?: number;
  readonly order?: number;
  readonly tags?: readonly string[];
}

/** Parts of other emoji, which mean nothing alone. */
const COMPONENTS = 2;
const MOST_FOUND = 96;

/** Every emoji with its names in a language; in others than English, found by the English ones too. */
export async function loadEmoji(locale: Locale): Promise<readonly Emoji[]> {
  const english = (await import('emojibase-data/en/compact.json')).default as unknown as readonly CompactEmoji[];
  if (locale === 'en') return toList(english, new Map());
  const own = (await import('emojibase-data/zh/compact.json')).default as unknown as readonly CompactEmoji[];
  return toList(own, new Map(english.map((emoji) => [emoji.hexcode, wordsOf(emoji)])));
}

/** Those that all words fit; where the name itself begins with the first, in front. */
export function searchEmoji(list: readonly Emoji[], query: string): readonly Emoji[] {
  const words = query
    .toLowerCase()
    .split(/[\s_:]+/)
    .filter(Boolean);
  const found = list.filter((emoji) => words.every((word) => emoji.words.includes(word)));
  const rank = ({ label }: Emoji) => (label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_FOUND);
}

function toList(given: readonly CompactEmoji[], more: ReadonlyMap<string, string>): readonly Emoji[] {
  return given
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((emoji) => ({
      sign: emoji.unicode,
      label: emoji.label,
      words: `${wordsOf(emoji)} ${more.get(emoji.hexcode) ?? ''}`,
      group: emoji.group ?? 0,
    }));
}

const wordsOf = ({ label, tags = [] }: CompactEmoji): string => [label, ...tags].join(' ').toLowerCase();
