import { toTime } from '../../common/clock.js';
import type { RoomChange } from '../../events/chat-events.js';
import { durableText } from '../connections/frame.js';

/** One change as it travels on the bus: what feeds decide by, in front of the frame's text, which nobody reads. */
export interface RoomLine {
  readonly rev: number;
  /** The seq of a message; 0 of everything else. */
  readonly seq: number;
  /** Whose membership ends with this change. */
  readonly leaves?: string;
  /** The frame's JSON. */
  readonly text: string;
}

const NOBODY = '.';

/** The bus channel of a room. */
export const roomChannel = (roomId: string): string => `room:${roomId}`;

/** A change with its frame's text: the one time that it is encoded. */
export function toLine(roomId: string, change: RoomChange): RoomLine {
  const { rev, event, data, leaves } = change;
  const seq = Number((change.data as { seq?: number | null }).seq ?? 0);
  return { rev, seq, leaves, text: durableText(roomId, { event, rev, data, at: toTime(change.at) }) };
}

/** JSON holds no raw line break, so one separates the lines. */
export const encodeLines = (lines: readonly RoomLine[]): string => lines.map(encodeLine).join('\n');

export const decodeLines = (message: string): RoomLine[] => message.split('\n').map(decodeLine);

const encodeLine = ({ rev, seq, leaves, text }: RoomLine): string => `${rev} ${seq} ${leaves ?? NOBODY} ${text}`;

function decodeLine(line: string): RoomLine {
  const afterRev = line.indexOf(' ');
  const afterSeq = line.indexOf(' ', afterRev + 1);
  const afterLeaves = line.indexOf(' ', afterSeq + 1);
  const leaves = line.slice(afterSeq + 1, afterLeaves);
  return {
    rev: Number(line.slice(0, afterRev)),
    seq: Number(line.slice(afterRev + 1, afterSeq)),
    ...(leaves === NOBODY ? {} : { leaves }),
    text: line.slice(afterLeaves + 1),
  };
}
