import { foldForSearch } from './fold.js';

/** Where in a name a part begins, best first: at the name's beginning, at that of a word, inside a word. */
export const TAIL_PLACES = [0, 1, 2] as const;
export type TailPlace = (typeof TAIL_PLACES)[number];

/** A name from one of its characters on. Every part of the name is the beginning of one of its tails. */
export interface NameTail {
  readonly place: TailPlace;
  /** The first characters, which are what is stored. */
  readonly tail: string;
  /** All of it. */
  readonly whole: string;
}

/** Unicode code points that are stored of a tail; whoever asks for more is compared with the name itself. */
const TAIL_LENGTH = 24;
const WORD_ENDS = /[\s._\-'’()[\]/,·・]/u;

/** The beginning of a tail, as it is stored: no database may tell texts apart by the spaces at their end. */
export const tailOf = (text: string): string => [...text].slice(0, TAIL_LENGTH).join('').trimEnd();

/**
 * The tails of a user's names, folded for search, each once and at its best place.
 *
 * @param names a name that `isMade` is found by its beginning alone
 */
export function tailsOf(names: readonly { readonly name: string; readonly isMade?: boolean }[]): NameTail[] {
  const tails = new Map<string, NameTail>();
  for (const { name, isMade = false } of names) {
    for (const tail of isMade ? allTails(name).slice(0, 1) : allTails(name)) keepBetter(tails, tail);
  }
  return [...tails.values()];
}

function allTails(name: string): NameTail[] {
  const letters = [...foldForSearch(name)];
  return letters.flatMap((letter, at) => {
    if (letter === ' ') return [];
    const whole = letters.slice(at).join('');
    return [{ place: placeOf(letters, at), tail: tailOf(whole), whole }];
  });
}

function placeOf(letters: readonly string[], at: number): TailPlace {
  if (at === 0) return 0;
  return WORD_ENDS.test(letters[at - 1]) ? 1 : 2;
}

function keepBetter(tails: Map<string, NameTail>, tail: NameTail): void {
  const known = tails.get(tail.whole);
  if (!known || known.place > tail.place) tails.set(tail.whole, tail);
}

/** The order in which those are found who match: by place, then by tail, byte by byte, so that the exact is first. */
export function compareTails(a: Omit<NameTail, 'whole'>, b: Omit<NameTail, 'whole'>): number {
  return a.place - b.place || Buffer.compare(Buffer.from(a.tail), Buffer.from(b.tail));
}
