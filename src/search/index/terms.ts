import { type Phrase, isJoined } from '../search-query.js';
import type { Token } from '../tokens.js';

/** UTF-16 units of a word that are indexed: nobody looks for a text without spaces by its middle. */
export const TERM_UNITS = 40;

/** Terms that must stand next to each other in a message. */
export type Run = readonly string[];

/** What a word is indexed as. */
export const wordTerm = ({ text }: Token): string => text.slice(0, TERM_UNITS);

/** What two signs next to each other are indexed as. */
export const pairTerm = (first: Token, second: Token): string => first.text + second.text;

/** 16 bits that stand for a term in the index, where only candidates are looked for. */
export function codeOf(term: string): number {
  let code = 0;
  for (let at = 0; at < term.length; at++) code = (Math.imul(code, 31) + term.charCodeAt(at)) | 0;
  return (code ^ (code >>> 16)) & 0xffff;
}

/**
 * What of phrases the index can be asked for: words and pairs of signs, in runs. A sign by itself is in no pair, so it
 * parts two runs; none of it is left of a query of single signs.
 */
export const runsOf = (phrases: readonly Phrase[]): Run[] =>
  phrases.flatMap(runsOfPhrase).filter((run) => run.length > 0);

function runsOfPhrase(phrase: Phrase): string[][] {
  const runs: string[][] = [[]];
  for (let at = 0; at < phrase.length; at++) {
    const isNew = phrase[at].isSign && !isJoined(phrase, at);
    const isAlone = isNew && !(at + 1 < phrase.length && isJoined(phrase, at + 1));
    // Between signs that are apart in the query there may be a pair in the text.
    if (isAlone || (isNew && at > 0 && phrase[at - 1].isSign)) runs.push([]);
    const run = runs[runs.length - 1];
    if (isJoined(phrase, at)) run.push(pairTerm(phrase[at - 1], phrase[at]));
    else if (!phrase[at].isSign) run.push(wordTerm(phrase[at]));
  }
  return runs;
}

/** The terms of a message, in the order of its text. */
export function* termsOf(tokens: readonly Token[]): Generator<string> {
  for (let at = 0; at < tokens.length; at++) {
    if (!tokens[at].isSign) yield wordTerm(tokens[at]);
    else if (isJoined(tokens, at)) yield pairTerm(tokens[at - 1], tokens[at]);
  }
}
