import type { Page } from '../protocol/views.js';
import { ChatError } from './chat-error.js';

type Kinds = readonly ('string' | 'number')[];
type Values<K extends Kinds> = { -readonly [I in keyof K]: K[I] extends 'string' ? string : number };

const MAX_LENGTH = 1024;

/** The place in a list, as a text that clients pass on without looking into it. */
export const encodeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/**
 * Reads what `encodeCursor` made. It was in strange hands: nothing but its shape may be relied on.
 *
 * @throws ChatError `VALIDATION_FAILED` when it is not of this shape
 */
export function decodeCursor<const K extends Kinds>(text: string, shape: K): Values<K> {
  const place = parse(text);
  const fits =
    Array.isArray(place) &&
    place.length === shape.length &&
    place.every((value, i) => typeof value === shape[i] && (typeof value !== 'number' || Number.isSafeInteger(value)));
  if (!fits) {
    const errors = [{ path: 'cursor', code: 'cursor', message: 'must be a cursor of this list' }];
    throw new ChatError('VALIDATION_FAILED', { errors });
  }
  return place as Values<K>;
}

function parse(text: string): unknown {
  if (text.length > MAX_LENGTH) return null;
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url'));
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** A page from a list that was read with one row more than `limit`: that row tells whether there is a next page. */
export function toPage<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? cursorOf(items[limit - 1]) : null };
}
