import { GAP, LETTER, SPECIAL, foldOf, kindOf, tokensOf } from '../tokens.js';
import { TERM_UNITS, codeOf, termsOf } from './terms.js';
import { HAS } from '../has.js';
import { HEADER_UNITS, type Indexed, flagsOf, headerOf } from './block.js';

/** Messages of a block, and UTF-16 units of text after which it takes no more. */
const MESSAGES = 16;
const UNITS = 4000;
/** Revs from the first message of a block to its last: what a byte counts. */
const REVS = 255;
/** Milliseconds from the first message of a block to its last: what 32 bits count. */
const SPAN_MS = 2 ** 32 - 1;

const SPACE = 32;

/** Some messages of one room that follow each other, ready to be indexed as one. */
export interface Block {
  /** Of the first message. */
  readonly rev: number;
  readonly at: number;
  readonly terms: string;
  /** What is known of each message, as `block.ts` reads it. */
  readonly messages: Buffer;
}

/**
 * Makes blocks of messages: sixteen are indexed as one, since nearly all that a message costs an index is paid by a row,
 * and by a word and row (10 against 6 µs, measured).
 *
 * Texts are looked at unit by unit and written into buffers that are kept: taken apart into words and put together
 * again, they would cost ten times as much.
 */
export class BlockWriter {
  private terms = new Uint16Array(65_536);
  private units = 0;
  private codes = new Uint16Array(65_536);
  private count = 0;

  /** Blocks of the messages of one room, which ascend by rev. `mark` are terms that each block gets. */
  *blocks(messages: readonly Indexed[], mark: string): Generator<Block> {
    for (let from = 0; from < messages.length;) {
      const to = endOfBlock(messages, from);
      yield this.block(messages.slice(from, to), mark);
      from = to;
    }
  }

  private block(messages: readonly Indexed[], mark: string): Block {
    const [{ rev, at }] = messages;
    [this.units, this.count] = [0, 0];
    const senders = new Set<string | null>();
    let flags = 0;
    for (const message of messages) {
      senders.add(message.senderId);
      flags |= message.flags;
      this.add(message, rev, at);
    }
    const marks = [mark, ...markTermsOf(senders, flags)];
    const terms = Buffer.from(this.terms.buffer, 0, this.units * 2).toString('utf16le');
    const known = Buffer.from(this.codes.slice(0, this.count).buffer);
    return { rev, at, terms: `${marks.join(' ')} ${terms}`, messages: known };
  }

  private add(message: Indexed, rev: number, at: number): void {
    this.reserve(message.text.length);
    const header = this.count;
    this.count += HEADER_UNITS;
    if (!this.addText(message.text)) this.addTerms(message.text);
    const codes = this.count - header - HEADER_UNITS;
    this.codes.set(headerOf(message, { rev, at }, codes), header);
  }

  /** Unit by unit; false where that cannot be done. Written for speed: it is half of what is not SQLite's. */
  private addText(text: string): boolean {
    const { terms, codes } = this;
    let units = this.units;
    let count = this.count;
    let code = 0;
    let length = 0;
    let sign = 0;
    for (let at = 0; at <= text.length; at++) {
      const unit = at < text.length ? text.charCodeAt(at) : SPACE;
      const kind = kindOf(unit);
      if (kind === SPECIAL) return false;
      if (kind === LETTER && length++ < TERM_UNITS) {
        const letter = foldOf(unit);
        terms[units++] = letter;
        code = (Math.imul(code, 31) + letter) | 0;
        sign = 0;
      }
      if (kind === LETTER) continue;
      if (length > 0) {
        terms[units++] = SPACE;
        codes[count++] = (code ^ (code >>> 16)) & 0xffff;
        code = 0;
        length = 0;
      }
      const next = kind === GAP ? 0 : foldOf(unit);
      if (sign > 0 && next > 0) {
        terms[units++] = sign;
        terms[units++] = next;
        terms[units++] = SPACE;
        const pair = Math.imul(sign, 31) + next;
        codes[count++] = (pair ^ (pair >>> 16)) & 0xffff;
      }
      sign = next;
    }
    this.units = units;
    this.count = count;
    return true;
  }

  /** The same for any text. */
  private addTerms(text: string): void {
    for (const term of termsOf(tokensOf(text))) {
      this.reserve(term.length);
      for (let at = 0; at < term.length; at++) this.terms[this.units++] = term.charCodeAt(at);
      this.terms[this.units++] = SPACE;
      this.codes[this.count++] = codeOf(term);
    }
  }

  /** Makes room for a text: three units for each of its own are the most, and one code. */
  private reserve(length: number): void {
    this.terms = grown(this.terms, this.units + 3 * length + 3);
    this.codes = grown(this.codes, this.count + HEADER_UNITS + length + 1);
  }
}

function grown(list: Uint16Array<ArrayBuffer>, least: number): Uint16Array<ArrayBuffer> {
  if (list.length >= least) return list;
  const larger = new Uint16Array(2 * least);
  larger.set(list);
  return larger;
}

function endOfBlock(messages: readonly Indexed[], from: number): number {
  const first = messages[from];
  let units = first.text.length;
  let to = from + 1;
  for (; to < messages.length && to - from < MESSAGES; to++) {
    const { rev, at, text } = messages[to];
    units += text.length;
    if (units > UNITS || rev - first.rev > REVS || at - first.at > SPAN_MS) break;
  }
  return to;
}

function markTermsOf(senders: ReadonlySet<string | null>, flags: number): string[] {
  const terms = [...senders].flatMap((id) => (id === null ? [] : senderTerm(id)));
  for (const has of HAS) if (flags & flagsOf[has]) terms.push(hasTerm(has));
  return terms;
}

// `§` is in no word of a text, so nobody can write these.
export const roomTerm = (no: number): string => `§r${no}`;
export const senderTerm = (senderId: string): string => `§u${senderId.toLowerCase()}`;
export const hasTerm = (kind: string): string => `§h${kind}`;
