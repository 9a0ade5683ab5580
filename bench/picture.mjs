// The figures that have a bound as bars: full width is the bound, green within it, red beyond.

const WIDTH = 760;
const LABEL = 330;
const BAR = 300;
const LINE = 26;
const TOP = 44;
/** How far beyond the bound a bar may reach. */
const MOST = 1.35;

/** @param rows of figures.mjs; returns an SVG that is readable on light and dark pages */
export function draw(rows) {
  const bars = rows.filter((row) => row.atMost !== undefined || row.atLeast !== undefined);
  const height = TOP + bars.length * LINE + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img"`,
    `  font-family="system-ui, sans-serif" font-size="13">`,
    `  <title>What is promised, and what was measured</title>`,
    `  <rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff" stroke="#d0d7de"/>`,
    `  <text x="16" y="26" font-weight="600" fill="#1f2328">Measured, as a share of what is promised</text>`,
    ...bars.map((row, i) => barOf(row, TOP + i * LINE)),
    `  <line x1="${LABEL + BAR / MOST}" x2="${LABEL + BAR / MOST}" y1="${TOP - 8}" y2="${height - 12}" stroke="#57606a" stroke-dasharray="4 3"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function barOf(row, y) {
  // The shorter the better, for both kinds of bounds.
  const share = row.atMost === undefined ? row.atLeast / row.number : row.number / row.atMost;
  const width = Math.round((Math.min(share, MOST) * BAR) / MOST);
  return [
    `  <text x="16" y="${y + 15}" fill="#1f2328">${row.workload}, ${row.figure}</text>`,
    `  <rect x="${LABEL}" y="${y + 3}" width="${width}" height="16" rx="3" fill="${row.holds ? '#2da44e' : '#cf222e'}"/>`,
    `  <text x="${LABEL + BAR + 12}" y="${y + 15}" fill="#1f2328">${row.value} (${row.target})</text>`,
  ].join('\n');
}
