/** Code points shown before the first match. */
const BEFORE = 40;
const MOST = 240;

/** A piece of a text that was found. */
export interface FoundPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The part of a text around what was looked for, cut at the matches; those count in code points. */
export function foundParts(
  text: string,
  matches: readonly { readonly start: number; readonly end: number }[],
): FoundPart[] {
  const points = [...text];
  const from = Math.max(0, (matches[0]?.start ?? 0) - BEFORE);
  const to = Math.min(points.length, from + MOST);
  const parts: FoundPart[] = [];
  const add = (start: number, end: number, isMatch: boolean) => {
    if (end > start) parts.push({ text: points.slice(start, end).join(''), isMatch });
  };
  let at = from;
  for (const { start, end } of matches.filter((match) => match.start < to)) {
    add(at, start, false);
    add(Math.max(at, start), Math.min(end, to), true);
    at = Math.max(at, end);
  }
  add(at, to, false);
  if (from > 0) parts.unshift({ text: '…', isMatch: false });
  if (to < points.length) parts.push({ text: '…', isMatch: false });
  return parts;
}
