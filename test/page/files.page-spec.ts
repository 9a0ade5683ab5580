import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { pictureOf } from '../support/pictures.js';
import type { Visitor } from './browser.js';
import { Line } from './line.js';
import { Stage } from './stage.js';

describe('files in a room', () => {
  const stage = Stage.set();

  async function host(name: string, room: string): Promise<Visitor> {
    const visitor = await stage.arrive();
    await visitor.enterAsGuest(name);
    await visitor.createRoom(room);
    return visitor;
  }

  const waiting = ({ page }: Visitor): Locator =>
    page.getByRole('list', { name: 'Files to send' }).getByRole('listitem');

  /** Gives files to the field, pasted or dropped, as the browser does. */
  async function give(visitor: Visitor, how: 'paste' | 'drop', file: { name: string; type: string; text: string }) {
    await visitor.page.getByLabel('Message', { exact: true }).evaluate(
      (field: any, { way, name, type, text }) => {
        const window = field.ownerDocument.defaultView;
        const files = new window.DataTransfer();
        files.items.add(new window.File([text], name, { type }));
        const init = { bubbles: true, cancelable: true, clipboardData: files, dataTransfer: files };
        if (way === 'paste') return field.dispatchEvent(new window.ClipboardEvent('paste', init));
        field.dispatchEvent(new window.DragEvent('dragover', init));
        return field.dispatchEvent(new window.DragEvent('drop', init));
      },
      { way: how, ...file },
    );
  }

  /** Keeps uploads from the server until they are released. */
  async function hold({ page }: Visitor): Promise<() => void> {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/attachments', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    return release;
  }

  it('are pasted, dropped and chosen, sent together, and downloaded as they were', async () => {
    const [ann, bob] = await Promise.all([host('Ann', 'Study'), stage.arrive()]);
    await bob.enterAsGuest('Bob');
    await bob.joinRoom('Study');
    await give(ann, 'paste', { name: 'pasted.txt', type: 'text/plain', text: 'pasted' });
    await give(ann, 'drop', { name: 'dropped.txt', type: 'text/plain', text: 'dropped' });
    await ann.page
      .getByLabel('Attach files')
      .last()
      .setInputFiles([
        { name: 'one.png', mimeType: 'image/png', buffer: await pictureOf('png') },
        { name: 'two.png', mimeType: 'image/png', buffer: await pictureOf('png', { width: 80, height: 240 }) },
      ]);
    await expect.poll(() => waiting(ann).count()).toBe(4);
    await ann.page.getByRole('button', { name: 'Remove one.png' }).waitFor();
    expect(await ann.barriers()).toEqual([]);
    await ann.page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(() => waiting(ann).count()).toBe(0);

    const [download] = await Promise.all([
      bob.page.waitForEvent('download'),
      bob.messages.getByRole('link', { name: /Download dropped.txt, 7 bytes/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('dropped.txt');
    await bob.messages.getByRole('link', { name: /Download pasted.txt/ }).waitFor();
    await bob.messages.getByRole('button', { name: 'Show picture one.png' }).click();
    const box = bob.page.getByRole('dialog', { name: 'Picture' });
    await box.getByText('1 of 2').waitFor();
    expect(await bob.barriers()).toEqual([]);
    await bob.page.keyboard.press('ArrowRight');
    await box.getByRole('img', { name: 'two.png' }).waitFor();
    await box.getByText('2 of 2').waitFor();
    await bob.page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
  });

  it('that cannot be sent say why, and the others go without them', async () => {
    const cat = await host('Cat', 'Pantry');
    await give(cat, 'drop', { name: 'empty.txt', type: 'text/plain', text: '' });
    await give(cat, 'drop', { name: 'full.txt', type: 'text/plain', text: 'full' });
    await waiting(cat).filter({ hasText: 'empty.txt' }).getByText('The file is empty.').waitFor();
    await cat.page.getByRole('button', { name: 'Upload empty.txt again' }).click();
    await waiting(cat).filter({ hasText: 'empty.txt' }).getByText('The file is empty.').waitFor();
    await cat.page.getByRole('button', { name: 'Remove full.txt' }).waitFor();
    await cat.say('here');
    await cat.messages.getByRole('link', { name: /Download full.txt/ }).waitFor();
    await cat.page.getByRole('button', { name: 'Remove empty.txt' }).click();
    await expect.poll(() => waiting(cat).count()).toBe(0);
    expect(await cat.messages.getByRole('link', { name: /empty/ }).count()).toBe(0);
  });

  it('are there to be downloaded however long they are shown, and after a while without the server', async () => {
    const [eva, flo] = await Promise.all([host('Eva', 'Attic'), stage.arrive()]);
    await flo.page.clock.install();
    await flo.enterAsGuest('Flo');
    await flo.joinRoom('Attic');
    const line = await Line.of(flo);
    await flo.heading('Attic').waitFor();
    await flo.page.route('**/api/v1/messages/*', (route) => route.abort());
    await give(eva, 'paste', { name: 'chest.txt', type: 'text/plain', text: 'chest' });
    await eva.page.getByRole('button', { name: 'Remove chest.txt' }).waitFor();
    const failed = flo.page.waitForEvent('requestfailed');
    await eva.page.getByRole('button', { name: 'Send', exact: true }).click();
    const file = flo.messages.getByRole('link', { name: /Download chest.txt/ });
    await failed;
    await flo.page.unroute('**/api/v1/messages/*');
    line.cut();
    await flo.page.getByText('No connection').waitFor();
    expect(await file.count()).toBe(0);
    line.mend();
    await flo.page.clock.fastForward(30_000);
    await file.waitFor();
    const first = await file.getAttribute('href');
    await flo.page.clock.fastForward('14:30');
    await expect.poll(() => file.getAttribute('href'), { timeout: 10_000 }).not.toBe(first);
    const [download] = await Promise.all([flo.page.waitForEvent('download'), file.click()]);
    expect(download.suggestedFilename()).toBe('chest.txt');
  });

  it('are uploaded again where the line broke, and go as soon as they are there', async () => {
    const dan = await host('Dan', 'Dock');
    await dan.page.route('**/api/v1/attachments', (route) => route.abort());
    await give(dan, 'paste', { name: 'cargo.txt', type: 'text/plain', text: 'cargo' });
    await waiting(dan).getByText('The server cannot be reached.').waitFor();
    await dan.page.unroute('**/api/v1/attachments');
    const release = await hold(dan);
    await dan.page.getByRole('button', { name: 'Upload cargo.txt again' }).click();
    await dan.say('with the cargo');
    await dan.page.getByText('It is sent as soon as the files are there.').waitFor();
    expect(await dan.messages.getByText('with the cargo').count()).toBe(0);
    release();
    await dan.messages.getByRole('link', { name: /Download cargo.txt/ }).waitFor();
    await dan.sees('with the cargo');
  });

  it('go with what was submitted, whatever is written or looked at meanwhile', async () => {
    const eve = await host('Eve', 'Harbour');
    await eve.createRoom('Pier');
    await eve.say('tide at six');
    await eve.messages.getByRole('img', { name: 'Sent' }).waitFor();
    const field = eve.page.getByLabel('Message', { exact: true });
    const release = await hold(eve);
    await give(eve, 'paste', { name: 'chart.txt', type: 'text/plain', text: 'chart' });
    await eve.say('the chart');
    await eve.page.getByText('It is sent as soon as the files are there.').waitFor();
    await field.press('ArrowUp');
    await eve.page.getByText('Edit message').waitFor();
    await field.fill('tide at sev');
    await eve.talk('Harbour').click();
    await eve.heading('Harbour').waitFor();
    release();
    await eve.talk('Pier').getByText('the chart').waitFor();
    await eve.talk('Pier').click();
    await eve.messages.getByRole('link', { name: /Download chart.txt/ }).waitFor();
    await eve.sees('the chart');
    await eve.page.getByText('Edit message').waitFor();
    expect(await field.inputValue()).toBe('tide at sev');
    expect(await eve.messages.getByText('tide at sev', { exact: true }).count()).toBe(0);
    await field.press('Enter');
    await eve.sees('tide at sev');
  });

  it('that are taken away give the text back that waited for them', async () => {
    const fay = await host('Fay', 'Quay');
    const release = await hold(fay);
    const field = fay.page.getByLabel('Message', { exact: true });
    await give(fay, 'paste', { name: 'rope.txt', type: 'text/plain', text: 'rope' });
    await fay.say('with a rope');
    await fay.page.getByText('It is sent as soon as the files are there.').waitFor();
    expect(await field.inputValue()).toBe('');
    await fay.page.getByRole('button', { name: 'Cancel the upload of rope.txt' }).click();
    await expect.poll(() => field.inputValue()).toBe('with a rope');
    release();
    await fay.say('without it');
    await fay.sees('without it');
    expect(await fay.messages.getByRole('listitem').filter({ hasText: /rope/ }).count()).toBe(0);
  });
});
