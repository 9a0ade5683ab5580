import { dictionary } from '@zxcvbn-ts/language-common';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';

const MIN_LENGTH = 8;
/** Far above what anybody types; a bound, so that hashing it costs a bounded time. */
export const MAX_PASSWORD = 512;
const COMMON = new Set<string>(dictionary['passwords-common'] as string[]);

/** Which field it is of, and the names of whose password it is to be. */
export interface PasswordContext {
  readonly path: string;
  readonly names: readonly (string | null | undefined)[];
}

/**
 * The rules of NIST SP 800-63B, 5.1.1.2: at least eight characters, none of those that everybody tries, and no rules
 * about kinds of characters. One's own names and address are among those that are tried.
 *
 * @throws ChatError `VALIDATION_FAILED`, with `path` as the field's name
 */
export function requireGoodPassword(password: string, { path, names }: PasswordContext): void {
  if ([...normalPassword(password)].length < MIN_LENGTH)
    throw refused(path, 'short', `must have at least ${MIN_LENGTH} characters`);
  const folded = fold(password);
  const own = names.flatMap((name) => (name ? [fold(name), fold(name.split('@')[0])] : []));
  if (COMMON.has(folded) || own.includes(folded) || new Set(folded).size === 1) {
    throw refused(path, 'common', 'is one of the passwords that everybody tries');
  }
}

/** The same password typed on another keyboard is the same password: this form is measured and hashed. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

const refused = (path: string, code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path, code, message }] });
