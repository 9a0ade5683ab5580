import { describe, expect, it } from 'vitest';
import { PHONE, type Visitor } from './browser.js';
import { Stage } from './stage.js';

/** What moved on the page since its load, in shares of the window, as browsers count it. */
const MOVED = `new Promise((done) => {
  let sum = 0;
  const add = (seen) => (sum += seen.getEntries().reduce((all, { value }) => all + value, 0));
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 200);
})`;

describe('the page, while it loads', () => {
  const stage = Stage.set();
  const moved = ({ page }: Visitor): Promise<number> => page.evaluate(MOVED);

  it('is watched', async () => {
    const ann = await stage.arrive();
    await ann.door.waitFor();
    await ann.page.evaluate("document.querySelector('#page').style.paddingTop = '200px'");
    expect(await moved(ann)).toBeGreaterThan(0.01);
  });

  it.each([
    ['wide', {}],
    ['on a phone', PHONE],
  ])('moves nothing, %s', async (name, options) => {
    const ann = await stage.arrive(options);
    await ann.door.waitFor();
    expect(await moved(ann)).toBeLessThan(0.01);
    await ann.enterAsGuest('Ann');
    await ann.page.goto(`${stage.url}/#/find`);
    await ann.page.getByRole('button', { name: 'New room' }).first().click();
    const dialog = ann.page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Room name').fill(`Quay ${name}`);
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await ann.heading(`Quay ${name}`).waitFor();
    for (let at = 0; at < 30; at++) await ann.say(`line ${at}`);
    await ann.sees('line 29');
    await ann.page.reload();
    await ann.sees('line 29');
    await ann.page.waitForLoadState('networkidle');
    expect(await moved(ann)).toBeLessThan(0.01);
  });
});
