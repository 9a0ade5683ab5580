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

/** Rev behind the block's first and flags; sender; milliseconds behind the first, twice; how many codes follow. */
export const HEADER_UNITS = 5;

/** The numbers in front of a message's codes. */
export function headerOf(message: Indexed, first: { rev: number; at: number }, codes: number): readonly number[] {
  const after = Math.max(message.at - first.at, 0);
  const sender = message.senderId === null ? 0 : codeOf(message.senderId);
  return [(message.rev - first.rev) | (message.flags << 8), sender, after & 0xffff, after >>> 16, codes];
}

/** The messages of a block that fit, ascending by rev. */
export function hitsIn(block: { rev: number; at: number; messages: Uint8Array }, wanted: Wanted): Hit[] {
  // A copy where what the driver hands over does not begin at an even place.
  const bytes = block.messages.byteOffset % 2 === 0 ? block.messages : new Uint8Array(block.messages);
  const units = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const hits: Hit[] = [];
  for (let at = 0; at < units.length;) {
    const from = at + HEADER_UNITS;
    const to = from + units[at + 4];
    if (hasMarks(units, at, wanted) && wanted.runs.every((run) => holds(units, run, { from, to }))) {
      hits.push({ rev: block.rev + (units[at] & 0xff), at: block.at + units[at + 2] + units[at + 3] * 65_536 });
    }
    at = to;
  }
  return hits;
}

/** A filter as blocks are held against it. */
export interface Wanted {
  readonly runs: readonly (readonly number[])[];
  readonly sender: number | null;
  readonly flag: number;
}

export const toWanted = ({ runs, senderId, has }: Filter): Wanted => ({
  runs: runs.map((run) => run.map(codeOf)),
  sender: senderId === null ? null : codeOf(senderId),
  flag: has === null ? 0 : flagsOf[has],
});

const hasMarks = (units: Uint16Array, at: number, { sender, flag }: Wanted): boolean =>
  (sender === null || units[at + 1] === sender) && ((units[at] >>> 8) & flag) === flag;

function holds(units: Uint16Array, run: readonly number[], { from, to }: { from: number; to: number }): boolean {
  const first = run[0];
  const last = to - run.length;
  for (let at = from; at <= last; at++) {
    if (units[at] === first && follows(units, run, at)) return true;
  }
  return false;
}

function follows(units: Uint16Array, run: readonly number[], at: number): boolean {
  for (let i = 1; i < run.length; i++) if (units[at + i] !== run[i]) return false;
  return true;
}
