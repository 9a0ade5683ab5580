import { ChatError } from '../common/chat-error.js';

const MAX_LENGTH = 254;

/** The form in which e-mail addresses are kept and compared: composed letters, lower case. */
export const emailKey = (email: string): string => email.trim().normalize('NFC').toLowerCase().normalize('NFC');

/**
 * Checks what the request class cannot see: an address may grow when it is folded, and characters that do not show make
 * two addresses of one.
 *
 * @returns the address as it is kept, which is unique
 * @throws ChatError `VALIDATION_FAILED`
 */
export function requireEmail(email: string): string {
  const key = emailKey(email);
  if ([...key].length <= MAX_LENGTH && !/\p{C}/u.test(key)) return key;
  const errors = [{ path: 'email', code: 'email', message: 'must be an e-mail address' }];
  throw new ChatError('VALIDATION_FAILED', { errors });
}
