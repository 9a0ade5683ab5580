import type { Row } from './row.js';

const LINE = 21;
const ROW = 34;
const CHARACTERS_A_LINE = 56;
const MOST_LINES = 22;
const PICTURE = 220;
const FILE = 60;

/** About how high a row will be, so that the scroll bar tells the truth and little moves when it is drawn. */
export function guessHeight(row: Row): number {
  if (row.kind === 'notice') return ROW;
  const { text } = row.kind === 'pending' ? row.pending : row;
  const lines = Math.min(MOST_LINES, Math.ceil((text?.length ?? 0) / CHARACTERS_A_LINE));
  if (row.kind === 'pending') return ROW + lines * LINE;
  const files = row.attachments.reduce((sum, { thumbnailUrl }) => sum + (thumbnailUrl ? PICTURE : FILE), 0);
  return ROW + lines * LINE + files + (row.reactions.length > 0 ? LINE : 0) + (row.replyTo ? LINE * 2 : 0);
}
