/** Code points of a name that are kept. */
export const NAME_LENGTH = 200;

/** What a file is called that came without a name. */
const NAMELESS = 'file';
/** Control characters, line breaks, and marks that turn the order of letters round: `gpj.exe` reads as `exe.jpg`. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** What means something in paths, to shells or to Windows. */
const FORBIDDEN = /[<>:"|?*]/g;
/** An ending, which is kept where a name is cut. */
const ENDING = /\.[\p{L}\p{N}]{1,12}$/u;

/**
 * The name of a file as it is told and saved: one line, without folders and tricks. What the client sends is believed in
 * nothing else.
 */
export function cleanName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last
    .replace(UNSEEN, '')
    .replace(FORBIDDEN, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '');
  return shortened(name) || NAMELESS;
}

/** The name with another ending. */
export const withEnding = (name: string, ending: string): string => shortened(`${name.replace(ENDING, '')}.${ending}`);

function shortened(name: string): string {
  const points = [...name];
  if (points.length <= NAME_LENGTH) return name;
  const ending = [...(ENDING.exec(name)?.[0] ?? '')];
  return [...points.slice(0, NAME_LENGTH - ending.length), ...ending].join('');
}
