import { randomInt } from 'node:crypto';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';

const LENGTH = { min: 3, max: 32 };
const SHAPE = /^[\p{L}\p{M}\p{Nd}._-]+$/u;
/** One name in letters of two scripts is how a name is forged; a Japanese name has three of these at once. */
const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Thai}/u,
  /\p{Script=Devanagari}/u,
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u,
];
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
/** What reads as another character: digits for letters, and Cyrillic and Greek letters that look like Latin ones. */
const LOOKS: Record<string, string> = Object.fromEntries(
  [...'0o1l3e4a5s7tаaеeоoрpсcуyхxіiѕsмmтtнhкkԁdαaοoρpιiνv'].reduce<[string, string][]>((pairs, letter, i, all) => {
    if (i % 2 === 0) pairs.push([letter, all[i + 1]]);
    return pairs;
  }, []),
);
/** `l`, `1` and `i` read alike, so reserved names are compared with all of them as `i`. */
const skeleton = (key: string): string =>
  [...key.replace(/[._-]/g, '')]
    .map((letter) => LOOKS[letter] ?? letter)
    .join('')
    .replaceAll('l', 'i');
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
  const scripts = SCRIPTS.filter((script) => script.test(name)).length;
  const isShaped = SHAPE.test(name) && /^[\p{L}\p{Nd}]/u.test(name) && scripts <= 1;
  if (length < LENGTH.min || length > LENGTH.max || !isShaped) {
    throw refused('username', 'must be 3 to 32 letters of one script, digits, dots, underscores or hyphens');
  }
  const key = fold(name);
  if (RESERVED_LOOKS.has(skeleton(key))) throw refused('reserved', 'is reserved, or looks like a reserved name');
  return key;
}

const ADJECTIVES = [
  'Amber',
  'Brave',
  'Calm',
  'Clever',
  'Gentle',
  'Golden',
  'Happy',
  'Quiet',
  'Silver',
  'Swift',
  'Warm',
  'Witty',
];
const ANIMALS = [
  'Badger',
  'Crane',
  'Dolphin',
  'Falcon',
  'Fox',
  'Heron',
  'Lynx',
  'Otter',
  'Panda',
  'Robin',
  'Tiger',
  'Whale',
];

/** A made-up name for a guest, and a user name that nobody has with near certainty. */
export function makeGuestNames(): { displayName: string; username: string } {
  const displayName = `${pick(ADJECTIVES)} ${pick(ANIMALS)}`;
  return { displayName, username: `guest-${randomInt(36 ** 6).toString(36)}${randomInt(36 ** 6).toString(36)}` };
}

const pick = (words: readonly string[]): string => words[randomInt(words.length)];

const refused = (code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: 'username', code, message }] });
