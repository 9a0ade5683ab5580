import { ChatError } from './chat-error.js';

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a full disk means to a caller: `QUOTA_EXCEEDED`. Any other error is itself. */
export function toDiskRefusal(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  return FULL_CODES.has(code) ? new ChatError('QUOTA_EXCEEDED', { cause: error }) : error;
}
