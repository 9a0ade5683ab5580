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
  /** The rev of the message that changed, where it had been sent before. */
  readonly about?: number;
  /** The frame's JSON. */
  readonly text: string;
}

const NOBODY = '.';
/** Stands before the rev of a message that changed, in the place of who leaves: no change is both. */
const ABOUT = '@';

/** The bus channel of a room. */
export const roomChannel = (roomId: string): string => `room:${roomId}`;

/** A change with its frame's text: the one time that it is encoded. */
export function toLine(roomId: string, change: RoomChange): RoomLine {
  const { rev, event, data, leaves, about } = change;
  const seq = Number((change.data as { seq?: number | null }).seq ?? 0);
  return { rev, seq, leaves, about, text: durableText(roomId, { event, rev, data, at: toTime(change.at) }) };
}

/** JSON holds no raw line break, so one separates the lines. */
export const encodeLines = (lines: readonly RoomLine[]): string => lines.map(encodeLine).join('\n');

export const decodeLines = (message: string): RoomLine[] => message.split('\n').map(decodeLine);

const encodeLine = ({ rev, seq, leaves, about, text }: RoomLine): string =>
  `${rev} ${seq} ${about === undefined ? (leaves ?? NOBODY) : `${ABOUT}${about}`} ${text}`;

function decodeLine(line: string): RoomLine {
  const afterRev = line.indexOf(' ');
  const afterSeq = line.indexOf(' ', afterRev + 1);
  const afterSubject = line.indexOf(' ', afterSeq + 1);
  return {
    rev: Number(line.slice(0, afterRev)),
    seq: Number(line.slice(afterRev + 1, afterSeq)),
    ...subjectOf(line.slice(afterSeq + 1, afterSubject)),
    text: line.slice(afterSubject + 1),
  };
}

function subjectOf(word: string): Pick<RoomLine, 'leaves' | 'about'> {
  if (word === NOBODY) return {};
  return word.startsWith(ABOUT) ? { about: Number(word.slice(1)) } : { leaves: word };
}
