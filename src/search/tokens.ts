import { foldLetters } from '../common/fold.js';

/** A word; or a sign: a character of a script that is written without spaces between words. */
export interface Token {
  /** Folded. */
  text: string;
  readonly isSign: boolean;
  /** Whether nothing stands between it and the token before. */
  readonly follows: boolean;
  /** UTF-16 units of the text. */
  readonly start: number;
  end: number;
}

/** What a UTF-16 unit is for search. */
export const GAP = 0;
export const LETTER = 1;
export const SIGN = 2;
/** Nothing that can be told of the unit alone. */
export const SPECIAL = 3;

const UNKNOWN = 255;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const SIGNS = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}]/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Me}]/gu;
/** What changes the character before it: marks, vowels and finals of Hangul, half-width voice marks. */
const TRAILING = '\\p{M}\\u1160-\\u11ff\\ud7b0-\\ud7fb\\uff9e\\uff9f';
const IS_SPECIAL = new RegExp(`[${TRAILING}\\u1100-\\u115f\\ua960-\\ua97c\\uffa0-\\uffdc\\ud800-\\udfff]`, 'u');
/** Characters with all that changes them; half-width letters of Hangul, which make up syllables. */
const CLUSTERS = new RegExp(`(?:[\\uffa0-\\uffdc]+|[^])[${TRAILING}]*`, 'gu');

const kinds = new Uint8Array(65_536).fill(UNKNOWN);
const folds = new Uint16Array(65_536);

/** What a UTF-16 unit is. Found out once for each, since texts are looked at unit by unit. */
export function kindOf(unit: number): number {
  if (kinds[unit] === UNKNOWN) findOut(unit);
  return kinds[unit];
}

/** The folded form of a unit that is a letter or a sign. */
export const foldOf = (unit: number): number => folds[unit];

function findOut(unit: number): void {
  const character = String.fromCharCode(unit);
  const folded = IS_SPECIAL.test(character) ? null : foldCluster(character);
  const isPlain = folded?.length === 1 || (folded !== null && folded !== '' && !WORD.test(folded));
  kinds[unit] = isPlain ? kindOfFolded(folded) : SPECIAL;
  folds[unit] = folded?.charCodeAt(0) ?? 0;
}

function kindOfFolded(folded: string): number {
  if (!WORD.test(folded)) return GAP;
  return SIGNS.test(folded) ? SIGN : LETTER;
}

const foldCluster = (cluster: string): string => foldLetters(cluster).replace(INVISIBLE, '');

/**
 * The words and signs of a text, in order. Everything else stands between them: spaces, punctuation, emoji.
 *
 * Words are folded: NFKC, case, accents.
 */
export function tokensOf(text: string): Token[] {
  const line = new TokenLine();
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const kind = kindOf(unit);
    if (kind === SPECIAL) return tokensOfClusters(text);
    line.add(kind === GAP ? ' ' : String.fromCharCode(folds[unit]), kind, at);
  }
  return line.tokens;
}

function tokensOfClusters(text: string): Token[] {
  const line = new TokenLine();
  for (const { 0: cluster, index } of text.matchAll(CLUSTERS)) {
    line.width = cluster.length;
    for (const character of foldCluster(cluster)) line.add(character, kindOfFolded(character), index);
  }
  return line.tokens;
}

class TokenLine {
  readonly tokens: Token[] = [];
  /** UTF-16 units of the text that the next characters stand for. */
  width = 1;
  private last: Token | null = null;

  add(character: string, kind: number, start: number): void {
    const { last } = this;
    const end = start + this.width;
    const isMark = kind === LETTER && last?.isSign === true && /\p{M}/u.test(character);
    if (kind === GAP) this.last = null;
    else if (last && (isMark || (kind === LETTER && !last.isSign))) {
      last.text += character;
      last.end = end;
    } else {
      const token = { text: character, isSign: kind === SIGN, follows: last !== null, start, end };
      this.tokens.push(token);
      this.last = token;
    }
  }
}
