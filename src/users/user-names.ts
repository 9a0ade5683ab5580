import { randomInt } from 'node:crypto';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';

const LENGTH = { min: 3, max: 32 };
const SHAPE = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]*$/u;
/**
 * The scripts in everyday use (UAX 31, table 5). A row is what one name may be written in: Japanese, Korean and Chinese
 * mix several scripts by nature (UTS 39, 5.1), and any other mixture is how a name is forged.
 */
const SCRIPTS = `
  Latin, Cyrillic, Greek, Armenian, Georgian, Hebrew, Arabic, Thaana, Ethiopic,
  Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala,
  Thai, Lao, Tibetan, Myanmar, Khmer, Han Hiragana Katakana, Han Hangul, Han Bopomofo`
  .split(',')
  .map((row) => {
    const letters = row
      .trim()
      .split(' ')
      .map((script) => `\\p{Script_Extensions=${script}}`);
    return new RegExp(`^[${letters.join('')}\\p{Script_Extensions=Inherited}0-9._-]+$`, 'u');
  });
const RESERVED = [
  'admin',
  'administrator',
  'root',
  'system',
  'parley',
  'support',
  'moderator',
  'all',
  'everyone',
  'me',
  'here',
];
/** What reads as a letter: digits, letters of other scripts, small capitals and dotless ones. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  a: '4аαɑᴀ',
  c: 'сᴄ',
  d: 'ԁᴅđ',
  e: '3еεᴇ',
  h: 'нһʜ',
  i: 'іιıɪ',
  k: 'кκᴋ',
  l: '1ӏʟł',
  m: 'мᴍ',
  n: 'пɴ',
  o: '0оοօᴏø',
  p: 'рρᴘ',
  r: 'гʀ',
  s: '5ѕꜱ',
  t: '7тτᴛ',
  u: 'υᴜ',
  v: 'νѵᴠ',
  x: 'хχ',
  y: 'уγʏ',
};
const LETTER_OF = new Map(
  Object.entries(LOOKS_LIKE).flatMap(([letter, others]) => [...others].map((other) => [other, letter] as const)),
);
const RESERVED_LOOKS = new Set(RESERVED.map(skeleton));

/**
 * Checks a user name: 3 to 32 letters of one script, digits, `.`, `_` and `-`, with a letter or digit first, and not a
 * reserved name or one that looks like it.
 *
 * @returns its folded key, which is unique
 * @throws ChatError `VALIDATION_FAILED`
 */
export function requireUsername(username: string): string {
  const name = username.normalize('NFKC');
  const length = [...name].length;
  const isShaped = SHAPE.test(name) && SCRIPTS.some((script) => script.test(name));
  if (length < LENGTH.min || length > LENGTH.max || !isShaped) {
    throw refused('username', 'must be 3 to 32 letters of one script, digits, dots, underscores or hyphens');
  }
  const key = fold(name);
  if (RESERVED_LOOKS.has(skeleton(key))) throw refused('reserved', 'is reserved, or looks like a reserved name');
  return key;
}

/** What is left of a name when everything that is easily overlooked is taken away; for comparison alone. */
function skeleton(key: string): string {
  const bare = key.normalize('NFD').replace(/[\p{M}._-]/gu, '');
  const letters = [...bare].map((letter) => LETTER_OF.get(letter) ?? letter).join('');
  // Pairs that read as one letter, and `l`, `1` and `i`, which read alike.
  return letters.replaceAll('rn', 'm').replaceAll('cl', 'd').replaceAll('l', 'i');
}

const ADJECTIVES = `
  Amber Brave Breezy Bright Calm Cheerful Clever Coral Cosy Curious Dapper Dreamy Eager Early Fair Fancy Gentle Golden
  Happy Honest Jolly Keen Kind Lively Lucky Mellow Merry Mighty Misty Neat Nimble Noble Patient Playful Plucky Polite
  Proud Quick Quiet Rosy Ruby Silver Snowy Sunny Swift Tidy Violet Warm Wise Witty`
  .trim()
  .split(/\s+/);
const ANIMALS = `
  Alpaca Badger Bear Beaver Bison Camel Cat Crane Deer Dolphin Dove Eagle Falcon Finch Fox Gecko Giraffe Hare Hedgehog
  Heron Ibis Jaguar Kiwi Koala Lark Lemur Lion Lynx Magpie Marten Mole Moose Narwhal Newt Otter Owl Panda Penguin Pony
  Puffin Quail Rabbit Raven Robin Seal Sparrow Squirrel Swan Tiger Toucan Turtle Whale Wolf Wren Yak Zebra`
  .trim()
  .split(/\s+/);

/** A made-up name for a guest, and a user name that nobody has with near certainty. */
export function makeGuestNames(): { displayName: string; username: string } {
  const displayName = `${pick(ADJECTIVES)} ${pick(ANIMALS)}`;
  return { displayName, username: `guest-${randomInt(36 ** 6).toString(36)}${randomInt(36 ** 6).toString(36)}` };
}

const pick = (words: readonly string[]): string => words[randomInt(words.length)];

const refused = (code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: 'username', code, message }] });
