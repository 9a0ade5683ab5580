import type { ByteRange } from '../storage/file-store.js';

/** The one range of a `Range` header; more are more trouble than they are worth. */
const RANGE = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i;

/**
 * The part of a file that a `Range` header asks for (RFC 9110, 14.1.2).
 *
 * @param bytes the size of the file
 * @returns null for the whole file, also where the header is none that we read; `'none'` where the file has no such part
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | 'none' | null {
  const [, from, to] = RANGE.exec(header ?? '') ?? [];
  if (from === undefined || (from === '' && to === '')) return null;
  if (from === '') return lastOf(Number(to), bytes);
  const first = Number(from);
  const last = to === '' ? Infinity : Number(to);
  if (last < first) return null;
  return first < bytes ? { first, last: Math.min(last, bytes - 1) } : 'none';
}

const lastOf = (count: number, bytes: number): ByteRange | 'none' =>
  count === 0 || bytes === 0 ? 'none' : { first: Math.max(bytes - count, 0), last: bytes - 1 };
