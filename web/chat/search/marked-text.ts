/** A piece of a found text. */
export interface MarkedPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Characters shown before the first match. */
const BEFORE = 60;
const MOST = 240;

/**
 * The stretch of a text around what was found in it, in parts.
 *
 * @param matches where it was found, in code points, ascending, the end not included
 */
export function markedText(
  text: string,
  matches: readonly { readonly start: number; readonly end: number }[],
): readonly MarkedPart[] {
  const signs = Array.from(text);
  const first = matches[0]?.start ?? 0;
  const from = first > BEFORE * 1.5 ? first - BEFORE : 0;
  const to = Math.min(signs.length, from + MOST);
  const parts: MarkedPart[] = from > 0 ? [{ text: '…', isMatch: false }] : [];
  const add = (start: number, end: number, isMatch: boolean) => {
    const piece = signs.slice(Math.max(start, from), Math.min(end, to)).join('');
    if (piece !== '') parts.push({ text: piece, isMatch });
  };
  let done = from;
  for (const { start, end } of matches) {
    add(done, start, false);
    add(Math.max(start, done), end, true);
    done = Math.max(done, end);
  }
  add(done, to, false);
  return to < signs.length ? [...parts, { text: '…', isMatch: false }] : parts;
}
