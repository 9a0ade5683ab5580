import type { FrameBytesKind } from './kinds.js';
import { fragments, frameBytes } from './raw-socket.js';

const PING = '{"id":"p","event":"ping"}';
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const CONTROLS = [CLOSE, 9, 10];
const UNKNOWN = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
const BAD_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];
const FRAME_BYTES = 65_536;

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

function closeOf(code: number, reason: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return frameBytes(Buffer.concat([head, reason]), { opcode: CLOSE });
}

const BAD_TEXTS = ['ff', 'c080', 'eda080', 'f4908080', 'e282', '22ff22'].map(bytes);

/** A command that is as large as this. */
export const padded = (size: number): Buffer => Buffer.from(PING.padEnd(size, ' '));

/** The kinds that are frames sent at once; the others need a hand of their own. */
export type WholeFrameKind = Exclude<FrameBytesKind, 'unfinished' | 'afterClose' | 'unread' | 'cutOff' | 'manyParts'>;

/** Frames by kind, each to a connection of its own. */
export const FRAMES: Readonly<Record<WholeFrameKind, readonly (readonly Buffer[])[]>> = {
  unmasked: [
    [frameBytes(PING, { masked: false })],
    [frameBytes('', { masked: false, opcode: 9 })],
    [frameBytes('', { masked: false, opcode: CLOSE })],
  ],
  reserved: [1, 2, 3].flatMap((rsv) => [
    [frameBytes(PING, { rsv })],
    [frameBytes('{', { fin: false }), frameBytes('}', { opcode: 0, rsv })],
    [frameBytes('', { opcode: 9, rsv })],
  ]),
  compressed: [[frameBytes(bytes('aa56ca4c51b2520a70f40b5152aa0500'), { rsv: 4 })], [frameBytes(PING, { rsv: 4 })]],
  opcode: UNKNOWN.flatMap((opcode) => [[frameBytes(PING, { opcode })], [frameBytes('', { opcode, fin: false })]]),
  fragmentOrder: [
    [frameBytes(PING, { opcode: 0 })],
    [frameBytes(PING, { opcode: 0, fin: false })],
    [frameBytes('{', { fin: false }), frameBytes(PING)],
    [frameBytes('{', { fin: false }), frameBytes(PING, { opcode: BINARY })],
  ],
  controlTooLong: CONTROLS.map((opcode) => [frameBytes('x'.repeat(126), { opcode })]),
  controlInParts: CONTROLS.map((opcode) => [frameBytes('', { opcode, fin: false })]),
  closeCode: [...BAD_CODES.map((code) => [closeOf(code)]), [frameBytes('x', { opcode: CLOSE })]],
  closeReason: BAD_TEXTS.map((reason) => [closeOf(1000, reason)]),
  binary: [
    [frameBytes(PING, { opcode: BINARY })],
    [frameBytes('', { opcode: BINARY })],
    fragments(Buffer.from(PING), 5, BINARY),
  ],
  badText: [
    ...BAD_TEXTS.map((text) => [frameBytes(text)]),
    ...BAD_TEXTS.map((text) => fragments(Buffer.concat([Buffer.from('"'), text]), 1, TEXT)),
  ],
  tooLarge: [[frameBytes(padded(FRAME_BYTES + 1))], fragments(padded(FRAME_BYTES + 1), 1000)],
  farTooLarge: [1_048_577, 2 ** 32, 2n ** 53n, 2n ** 64n - 1n].map((length) => [frameBytes('', { length })]),
};
