import type { ReadAck, ReadRoom } from '../protocol/commands.js';
import type { ReceiptView } from '../protocol/views.js';

/** How far a member has read, with what bounds it. */
export interface Mark {
  readonly roomId: string;
  readonly userId: string;
  readonly readSeq: number;
  readonly readVersion: number;
  readonly headSeq: number;
  /** The mark is never set below it: what is hidden from the member is not unread. */
  readonly hiddenSeq: number | null;
  /** What others are shown; null where nothing is known. What is read is received, too. */
  readonly deliveredSeq: number | null;
  readonly shownReadSeq: number | null;
}

/** Whether the command sets the mark to another place. */
export function moves(mark: Mark, command: ReadRoom): boolean {
  if (isOutdated(mark, command)) return false;
  const readSeq = targetOf(mark, command);
  return command.unread ? readSeq !== mark.readSeq : readSeq > mark.readSeq;
}

/** Where a mark is to be set: not above the newest message, not below the first that the member may see. */
export const targetOf = ({ headSeq, hiddenSeq }: Mark, { readSeq }: ReadRoom): number =>
  Math.min(Math.max(readSeq, hiddenSeq ?? 0), headSeq);

/** The counters that follow from a mark. */
export const toAck = ({ readSeq, readVersion, headSeq }: Mark, mentions: number): ReadAck => ({
  readSeq,
  readVersion,
  // A mark of one's own message may be ahead of a head that was read a moment before.
  unread: Math.max(headSeq - readSeq, 0),
  mentions,
});

/** What the command says that others have not been shown yet; null where that is nothing. */
export function newsOf(mark: Mark, command: ReadRoom): ReceiptView | null {
  if (isOutdated(mark, command)) return null;
  const { userId, headSeq } = mark;
  const [delivered, read] = [mark.deliveredSeq ?? 0, mark.shownReadSeq ?? 0];
  const readSeq = command.unread ? read : Math.max(read, Math.min(command.readSeq, headSeq));
  const deliveredSeq = Math.max(delivered, readSeq, Math.min(command.deliveredSeq ?? 0, headSeq));
  return readSeq > read || deliveredSeq > delivered ? { userId, deliveredSeq, readSeq } : null;
}

/** An old mark of another device, which must not undo that the room was marked as unread. */
const isOutdated = ({ readVersion }: Mark, command: ReadRoom): boolean =>
  command.readVersion !== undefined && command.readVersion < readVersion;
