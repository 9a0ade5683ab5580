import type { Has } from '../has.js';
import { type Run, codeOf } from './terms.js';

/** What of a message is indexed. */
export interface Indexed {
  readonly rev: number;
  readonly senderId: string | null;
  readonly text: string;
  /** What it has, as bits of `flagsOf`. */
  readonly flags: number;
  /** Epoch milliseconds of its creation. */
  readonly at: number;
}

/** The bit of each thing that a message may have. */
export const flagsOf: Readonly<Record<Has, number>> = { file: 1, image: 2, link: 4 };

/** A message that the index takes for a match; whether it is one, its row tells. */
export interface Hit {
  readonly rev: number;
  readonly at: number;
}

/** What a message of a block must be. */
export interface Filter {
  readonly runs: readonly Run[];
  readonly senderId: string | null;
  readonly has: Has | null;
}

/**
 * Rev behind the block's first and flags; sender; milliseconds behind the first, twice; how many codes follow, twice: one
 * character may stand for six signs.
 */
export const HEADER_UNITS = 6;

/** The numbers in front of a message's codes. */
export function headerOf(message: Indexed, first: { rev: number; at: number }, codes: number): readonly number[] {
  const after = Math.max(message.at - first.at, 0);
  const sender = message.senderId === null ? 0 : codeOf(message.senderId);
  return [
    (message.rev - first.rev) | (message.flags << 8),
    sender,
    after & 0xffff,
    after >>> 16,
    codes & 0xffff,
    codes >>> 16,
  ];
}

/** A block as it is read: the rev and the time of its first message, and what is known of each. */
export interface ReadBlock {
  readonly rev: number;
  readonly at: number;
  readonly messages: Uint8Array;
}

/** The messages of a block that fit, ascending by rev. Costs at most its length for each of the runs. */
export function hitsIn(block: ReadBlock, wanted: Wanted): Hit[] {
  // A copy where what the driver hands over does not begin at an even place.
  const bytes = block.messages.byteOffset % 2 === 0 ? block.messages : new Uint8Array(block.messages);
  const units = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const hits: Hit[] = [];
  for (let at = 0; at < units.length;) {
    const from = at + HEADER_UNITS;
    const to = from + units[at + 4] + units[at + 5] * 65_536;
    if (hasMarks(units, at, wanted) && wanted.runs.every((run) => holds(units, run, { from, to }))) {
      hits.push({ rev: block.rev + (units[at] & 0xff), at: block.at + units[at + 2] + units[at + 3] * 65_536 });
    }
    at = to;
  }
  return hits;
}

/** The codes of a run, and for each how many of the first ones the codes up to it end with (Knuth, Morris, Pratt). */
interface RunCodes {
  readonly codes: readonly number[];
  readonly borders: readonly number[];
}

/** A filter as blocks are held against it. */
export interface Wanted {
  readonly runs: readonly RunCodes[];
  readonly sender: number | null;
  readonly flag: number;
}

export const toWanted = ({ runs, senderId, has }: Filter): Wanted => ({
  runs: runs.map((run) => toRunCodes(run.map(codeOf))),
  sender: senderId === null ? null : codeOf(senderId),
  flag: has === null ? 0 : flagsOf[has],
});

function toRunCodes(codes: readonly number[]): RunCodes {
  const borders = [0];
  for (let at = 1, length = 0; at < codes.length; at++) {
    while (length > 0 && codes[at] !== codes[length]) length = borders[length - 1];
    if (codes[at] === codes[length]) length++;
    borders.push(length);
  }
  return { codes, borders };
}

const hasMarks = (units: Uint16Array, at: number, { sender, flag }: Wanted): boolean =>
  (sender === null || units[at + 1] === sender) && ((units[at] >>> 8) & flag) === flag;

function holds(units: Uint16Array, { codes, borders }: RunCodes, { from, to }: { from: number; to: number }): boolean {
  let found = 0;
  for (let at = from; at < to; at++) {
    const unit = units[at];
    // Most stand for nothing that is looked for.
    if (found === 0 && unit !== codes[0]) continue;
    while (found > 0 && unit !== codes[found]) found = borders[found - 1];
    if (unit === codes[found]) found++;
    if (found === codes.length) return true;
  }
  return false;
}
