/** Characters (Unicode code points) of the text that a reply shows of what it answers to. */
const PREVIEW_LENGTH = 200;

/** The beginning of a text, as a reply shows it. */
export function previewOf(text: string): string {
  // A code point is one or two UTF-16 units.
  const beginning = text.slice(0, PREVIEW_LENGTH * 2);
  return Array.from(beginning).slice(0, PREVIEW_LENGTH).join('');
}
