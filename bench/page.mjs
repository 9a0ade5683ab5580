// `npm run bench:page`: the page in Chromium, in a room of 100,000 messages. Prints what stands in docs/performance.md.
//
//   npm run bench:page -- [--messages 100000] [--read 10000]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { fillRoom } from './history.mjs';
import { makeGroups, makeUsers } from './population.mjs';
import { scratch, startParley, stop } from './processes.mjs';

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '100000' }, read: { type: 'string', default: '10000' } },
});
const [messages, read] = [Number(values.messages), Number(values.read)];
const folder = scratch();
const server = { url: `sqlite:${join(folder, 'parley.db')}`, dataDir: folder };

const first = await startParley(server.url, server);
const [owner] = await makeUsers(first.url, 1);
const [{ roomId }] = await makeGroups(first.url, [owner], 1);
await stop(first.child);
fillRoom(join(folder, 'parley.db'), { roomId, senderId: owner.userId }, messages);
const parley = await startParley(server.url, server);
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });

await page.addInitScript((refreshToken) => {
  if (refreshToken) localStorage.setItem('parley.refreshToken', refreshToken);
  window.longTasks = [];
  const add = (seen) => window.longTasks.push(...seen.getEntries().map(({ duration }) => duration));
  new PerformanceObserver(add).observe({ type: 'longtask', buffered: true });
}, owner.refreshToken);
await page.goto(`${parley.url}/#/rooms/${roomId}`);
const list = page.getByLabel('Messages', { exact: true });
await list.getByRole('listitem').first().waitFor();
tell('until the room is there', await longest());
tell(`scrolled up through ${read} messages`, { ...(await list.evaluate(goUp, read / 50)), ...(await longest()) });
await page.getByRole('button', { name: /newest message/ }).click();
await page.getByLabel('Message', { exact: true }).fill('and one more');
await page.getByLabel('Message', { exact: true }).press('Enter');
await list.getByText('and one more', { exact: true }).first().waitFor();
tell('back to the newest, and one sent', await longest());
await browser.close();
await stop(parley.child);

function tell(what, figures) {
  process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
}

/** The longest task since the last call, in milliseconds, and how many were longer than 50 ms. */
function longest() {
  return page.evaluate(() => {
    const tasks = window.longTasks.splice(0);
    return { tasksOver50ms: tasks.length, longestMs: Math.round(Math.max(0, ...tasks)) };
  });
}

/** Scrolls up until so many pages have come; returns the most rows that were in the document. */
async function goUp(shown, pages) {
  const viewport = shown.parentElement;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let rows = 0;
  for (let height = 0, came = 0; came < pages;) {
    viewport.scrollTop -= 3000;
    await frame();
    rows = Math.max(rows, shown.children.length);
    if (viewport.scrollHeight > height + 500) came++;
    height = viewport.scrollHeight;
  }
  return { rows, pixels: viewport.scrollHeight };
}
