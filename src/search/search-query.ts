import { type Token, tokensOf } from './tokens.js';

/** What must stand in a text without a gap: the tokens of one word of a query, or of what stands in quotes. */
export type Phrase = readonly Token[];

/** Where something stands in a text: from a code point up to before another one. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Stretches of one text that are told of. */
const MOST = 100;
const PIECES = /"([^"]*)"?|[^\s"]+/gu;
const QUOTES = /[“”„‟＂]/gu;

/** The phrases of a query; each must occur. What stands in double quotes is one, and so is each other word. */
export function phrasesOf(query: string): Phrase[] {
  const pieces = [...query.replace(QUOTES, '"').matchAll(PIECES)].map(([piece, quoted]) => quoted ?? piece);
  const phrases = new Map(pieces.map(tokensOf).map((tokens) => [keyOf(tokens), tokens]));
  return [...phrases.values()].filter((tokens) => tokens.length > 0);
}

/** What is the same for phrases that stand in the same places. */
const keyOf = (tokens: Phrase): string =>
  tokens.map(({ text, isSign, follows }) => `${text} ${isSign} ${follows}`).join('\n');

/**
 * Where the phrases stand in a text, ascending and without overlaps; null where one of them does not occur.
 *
 * Words stand next to each other whatever is between them; signs that are written together must be so in the text.
 */
export function stretchesOf(text: string, phrases: readonly Phrase[]): Stretch[] | null {
  const tokens = tokensOf(text);
  const found: Stretch[] = [];
  for (const phrase of phrases) {
    const places = placesOf(phrase, tokens);
    if (places.length === 0) return null;
    for (const at of places) found.push({ start: tokens[at].start, end: tokens[at + phrase.length - 1].end });
  }
  return inCodePoints(text, merged(found).slice(0, MOST));
}

function placesOf(phrase: Phrase, tokens: readonly Token[]): number[] {
  const places: number[] = [];
  for (let at = 0; at + phrase.length <= tokens.length && places.length < MOST; at++) {
    if (phrase.every((wanted, i) => fits(wanted, tokens[at + i], isJoined(phrase, i)))) places.push(at);
  }
  return places;
}

const fits = (wanted: Token, token: Token, joined: boolean): boolean =>
  wanted.text === token.text && wanted.isSign === token.isSign && (!joined || token.follows);

/** Whether a token of a phrase is a sign that is written together with the sign before it. */
export const isJoined = (phrase: Phrase, i: number): boolean =>
  i > 0 && phrase[i].follows && phrase[i].isSign && phrase[i - 1].isSign;

function merged(stretches: Stretch[]): Stretch[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of stretches.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** From UTF-16 units; most texts have no character that takes two of them. */
function inCodePoints(text: string, stretches: readonly Stretch[]): Stretch[] {
  if (!/[\ud800-\udbff]/.test(text)) return [...stretches];
  let [unit, point] = [0, 0];
  const pointAt = (wanted: number): number => {
    for (; unit < wanted; point++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    return point;
  };
  return stretches.map(({ start, end }) => ({ start: pointAt(start), end: pointAt(end) }));
}
