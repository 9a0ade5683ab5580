/** What a paste brings, as far as it is asked here. */
export interface Pasted {
  readonly types: readonly string[];
  readonly files: Iterable<File>;
  getData(type: string): string;
}

/**
 * The files of a paste. A text that brings a picture of itself, as one from a table or a document does, is only text;
 * but files that were copied bring their names as text.
 */
export function pastedFiles(pasted: Pasted): readonly File[] {
  const files = [...pasted.files];
  if (!pasted.types.includes('text/plain')) return files;
  const names = new Set(files.map(({ name }) => name));
  const lines = pasted
    .getData('text/plain')
    .trim()
    .split(/[\r\n]+/);
  return lines.every((line) => names.has(line)) ? files : [];
}
