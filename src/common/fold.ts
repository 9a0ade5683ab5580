const KEY_LENGTH = 191;

/**
 * The form in which names are compared and searched, the same on every database: NFKC, lower case, single spaces; at
 * most 191 UTF-16 units, the width of a `…Key` column.
 */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim().slice(0, KEY_LENGTH);
}

/** The smallest text that sorts after everything that begins with `prefix`, compared byte by byte. */
export const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`;
