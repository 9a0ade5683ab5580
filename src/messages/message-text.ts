import { ChatError } from '../common/chat-error.js';

/**
 * Throws `VALIDATION_FAILED` for a text that is too long, and for a blank one where the message has nothing else.
 *
 * @param most characters (Unicode code points)
 */
export function requireText(text: string, most: number, mayBeBlank = false): void {
  const isTooLong = text.length > most && [...text].length > most;
  if (isTooLong) throw refused(`must have at most ${most} characters`);
  if (!mayBeBlank && !/\S/u.test(text)) throw refused('must not be blank');
}

const refused = (message: string): ChatError =>
  new ChatError('VALIDATION_FAILED', { errors: [{ path: 'text', code: 'text', message }] });
