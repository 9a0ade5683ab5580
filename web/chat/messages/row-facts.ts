import { client } from '../../app/client.js';
import { dayKeyOf } from '../../i18n/times.js';
import type { Row } from './row.js';

/** Messages of one sender within this time stand together. */
const TOGETHER_MS = 300_000;

/** Who wrote a row; null for notices and where nobody knows any more. */
export function senderIdOf(row: Row): string | null {
  if (row.kind === 'notice') return null;
  return row.kind === 'pending' ? (client.user?.id ?? null) : row.senderId;
}

/** When, as RFC 3339. */
export const timeOf = (row: Row): string =>
  row.kind === 'pending' ? new Date(row.pending.at).toISOString() : row.createdAt;

/** Whether a row is one's own. */
export const isOwn = (row: Row): boolean =>
  row.kind === 'pending' || (row.kind === 'text' && row.senderId === client.user?.id);

/** Whether two rows next to each other stand on one day. */
export const isSameDay = (a: Row | null, b: Row): boolean => a !== null && dayKeyOf(timeOf(a)) === dayKeyOf(timeOf(b));

/** Whether a row goes on where the one above it stopped: the same sender, shortly after, on the same day. */
export function isTogether(above: Row | null, below: Row | null): boolean {
  if (!above || !below || above.kind === 'notice' || below.kind === 'notice') return false;
  const gap = Date.parse(timeOf(below)) - Date.parse(timeOf(above));
  return senderIdOf(above) === senderIdOf(below) && gap < TOGETHER_MS && isSameDay(above, below);
}

/** Whether a message begins or ends what its sender wrote together. */
export interface Joins {
  readonly starts: boolean;
  readonly ends: boolean;
}

/** The classes of a message by whose it is and what it stands with. */
export const rowClass = (own: boolean, { starts, ends }: Joins): string =>
  ['message', own ? 'own' : 'other', starts && 'starts', ends && 'ends'].filter(Boolean).join(' ');
