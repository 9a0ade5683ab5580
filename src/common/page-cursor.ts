import { isUlid } from '../protocol/ulid.js';
import type { Page } from '../protocol/views.js';
import { ChatError } from './chat-error.js';

type Kind = 'string' | 'ulid' | 'number';
type Kinds = readonly Kind[];
type Values<K extends Kinds> = { -readonly [I in keyof K]: K[I] extends 'number' ? number : string };

const MAX_LENGTH = 1024;

const FITS: Record<Kind, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string' && value.isWellFormed(),
  // MySQL refuses to compare a column of ids with text that is not ASCII.
  ulid: isUlid,
  number: Number.isSafeInteger,
};

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
  const fits = Array.isArray(place) && place.length === shape.length;
  if (!fits || !place.every((value, i) => FITS[shape[i]](value))) {
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
