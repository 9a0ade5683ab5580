const KEY_LENGTH = 191;

/**
 * Case and width folded: NFKC, and case by way of upper case, so that `ß` is `ss`; the final sigma is a sigma.
 */
const foldCase = (text: string): string =>
  text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');

/**
 * The form in which names are compared and searched, the same on every database: case and width folded, single spaces;
 * at most 191 UTF-16 units, the width of a `…Key` column.
 */
export function fold(text: string): string {
  const key = foldCase(text).replace(/\s+/gu, ' ').trim();
  // A cut through a surrogate pair would leave half a character.
  return key.slice(0, KEY_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

/** Letters with a stroke or of two in one, which Unicode does not take apart. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
};

function withoutAccents(text: string): string {
  const bare = text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  return bare.replace(/[øłđðþħıæœ]/g, (letter) => PLAIN[letter]);
}

/**
 * The form in which people are searched: folded, and without accents. Marks that make another letter, as in Indic
 * scripts and Japanese, stay.
 */
export const foldForSearch = (text: string): string => fold(withoutAccents(fold(text)));

/** The same for a part of any text, whatever its length and its spaces. */
export const foldLetters = (text: string): string => foldCase(withoutAccents(foldCase(text)));

/** The smallest text that sorts after everything that begins with `prefix`, compared byte by byte. */
export const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`;
