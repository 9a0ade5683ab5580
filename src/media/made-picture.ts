import { createHash } from 'node:crypto';

/** Raised when the drawing changes, so that clients fetch it again. */
export const DRAWING = 1;

const CELLS = 5;
const CELL = 32;
const MARGIN = 48;
const HALF = Math.ceil(CELLS / 2);

/** How a cell is drawn at a place of the grid. */
const SHAPES = [
  (x: number, y: number) => `<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}"/>`,
  (x: number, y: number) => `<rect x="${x + 1}" y="${y + 1}" width="30" height="30" rx="9"/>`,
  (x: number, y: number) => `<circle cx="${x + 16}" cy="${y + 16}" r="16"/>`,
  (x: number, y: number) => `<path d="M${x + 16} ${y}l16 16-16 16-16-16z"/>`,
] as const;

/**
 * A picture made up from a text, as SVG: the same for the same text, for ever. A field of two colours with a pattern on
 * it that is the same on both sides; 2^15 patterns in four shapes on 72 pairs of colours. Nothing in it is from outside.
 */
export function madePicture(seed: string): string {
  const bytes = createHash('sha256').update(`${DRAWING}:${seed}`).digest();
  const hue = (bytes[0] % 72) * 5;
  const second = (hue + 35 + (bytes[1] % 4) * 15) % 360;
  const shape = SHAPES[bytes[2] % SHAPES.length];
  const cells = cellsOf(bytes).map(([column, row]) => shape(MARGIN + column * CELL, MARGIN + row * CELL));
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 256 256">' +
    '<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">' +
    `<stop offset="0" stop-color="hsl(${hue},62%,52%)"/><stop offset="1" stop-color="hsl(${second},66%,38%)"/>` +
    '</linearGradient></defs><rect width="256" height="256" fill="url(#g)"/>' +
    `<g fill="hsl(${hue},80%,94%)">${cells.join('')}</g></svg>`
  );
}

/** The cells that are filled, by column and row. Neither too few nor too many: the next bytes decide anew. */
function cellsOf(bytes: Buffer): [number, number][] {
  for (let at = 3; at + 1 < bytes.length; at++) {
    const bits = bytes.readUInt16BE(at) & 0x7fff;
    const filled = Array.from({ length: HALF * CELLS }, (_, i) => i).filter((i) => (bits >> i) & 1);
    if (filled.length >= 5 && filled.length <= 11) return filled.flatMap(mirrored);
  }
  return [2, 7, 12].flatMap(mirrored);
}

function mirrored(cell: number): [number, number][] {
  const [column, row] = [cell % HALF, Math.floor(cell / HALF)];
  return column === HALF - 1
    ? [[column, row]]
    : [
        [column, row],
        [CELLS - 1 - column, row],
      ];
}
