import { ChatError } from './chat-error.js';

/** The time, in epoch milliseconds; throws `VALIDATION_FAILED` for the field where it has passed. */
export function requireFuture(path: string, time: number, now: number): number {
  if (time > now) return time;
  throw new ChatError('VALIDATION_FAILED', { errors: [{ path, code: 'future', message: 'must be in the future' }] });
}
