import { dictionary } from '@zxcvbn-ts/language-common';
import { ChatError } from '../common/chat-error.js';
import { fold } from '../common/fold.js';

const MIN_LENGTH = 8;
/** Far above what anybody types; a bound, so that hashing it costs a bounded time. */
export const MAX_PASSWORD = 512;
const COMMON = new Set<string>(dictionary['passwords-common'] as string[]);

/**
 * The rules of NIST SP 800-63B, 5.1.1.2: at least eight characters, none of those that everybody tries, and no rules
 * about kinds of characters. One's own name is among those that are tried.
 *
 * @throws ChatError `VALIDATION_FAILED`, with `path` as the field's name
 */
export function requireGoodPassword(password: string, { path, username }: { path: string; username: string }): void {
  if ([...normalPassword(password)].length < MIN_LENGTH)
    throw refused(path, 'short', `must have at least ${MIN_LENGTH} characters`);
  const folded = fold(password);
  if (COMMON.has(folded) || COMMON.has(password) || folded === fold(username) || new Set(folded).size === 1) {
    throw refused(path, 'common', 'is one of the passwords that everybody tries');
  }
}

/** The same password typed on another keyboard is the same password: this form is measured and hashed. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

const refused = (path: string, code: string, message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path, code, message }] });
