// Writes the figures into docs/performance.md, between the two marks, and draws docs/performance.svg.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { draw } from './picture.mjs';

const PAGE = 'docs/performance.md';
const BEGIN = '<!-- figures: written by npm run bench -->';
const END = '<!-- end of figures -->';

/** @param rows of figures.mjs */
export function writeReport(rows, { rounds, seconds, messages }) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = split(page, BEGIN);
  const [, after] = split(rest, END);
  const said =
    `${rounds} rounds of ${seconds} s, ${messages.toLocaleString('en-US')} messages in W4, Node ${process.version}, ` +
    `${cpus().length} cores of ${cpus()[0].model.trim()}; the middle round, for W6 the quietest.`;
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${said}\n\n${tableOf(rows)}\n\n${END}${after}`);
  writeFileSync('docs/performance.svg', draw(rows));
}

function split(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${PAGE} has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** Padded as the formatter would do it. */
function tableOf(rows) {
  const lines = [['Workload', 'Figure', 'Parley', 'Rounds', 'Limit server', 'Promised', '']];
  for (const row of rows) {
    const mark = row.target === '' ? '' : row.holds ? 'holds' : 'does not hold';
    lines.push([row.workload, row.figure, row.value, row.spread, row.limit, row.target, mark]);
  }
  const widths = lines[0].map((_, column) => Math.max(3, ...lines.map((cells) => cells[column].length)));
  lines.splice(
    1,
    0,
    widths.map((width) => '-'.repeat(width)),
  );
  return lines.map((cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`).join('\n');
}
