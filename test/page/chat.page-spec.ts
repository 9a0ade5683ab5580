import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { pictureOf } from '../support/pictures.js';
import type { Visitor } from './browser.js';
import { Stage } from './stage.js';

describe('a room', () => {
  const stage = Stage.set();
  let rooms = 0;

  /** Several people in a new room. */
  async function meet(...names: string[]): Promise<Visitor[]> {
    const room = `Garden ${++rooms}`;
    const visitors = await Promise.all(names.map(() => stage.arrive()));
    await Promise.all(visitors.map((visitor, at) => visitor.enterAsGuest(names[at] ?? '')));
    const [host, ...guests] = visitors;
    await host?.createRoom(room);
    for (const guest of guests) await guest.joinRoom(room);
    return visitors;
  }

  const message = ({ messages }: Visitor, text: string | RegExp): Locator =>
    messages.getByRole('listitem', { name: text });

  async function choose(visitor: Visitor, text: string, line: string): Promise<void> {
    await message(visitor, text).hover();
    await message(visitor, text).getByRole('button', { name: 'More' }).click();
    await visitor.page.getByRole('menuitem', { name: line, exact: true }).click();
  }

  it('carries text, an emoji and a picture between two browsers, and shows nothing of it to a third', async () => {
    const [ann, bob, eve] = (await Promise.all([meet('Ann', 'Bob'), stage.arrive()])).flat() as Visitor[];
    await eve!.enterAsGuest('Eve');
    await ann!.say('Is anybody here?');
    await bob!.sees('Is anybody here?');
    await bob!.page.getByRole('button', { name: 'Emoji' }).click();
    await bob!.page.getByLabel('Search emoji').fill('sunflower');
    await bob!.page.getByRole('button', { name: 'sunflower' }).click();
    await bob!.page.getByLabel('Message', { exact: true }).press('Enter');
    await ann!.sees('🌻');
    await ann!.page
      .getByLabel('Attach files')
      .last()
      .setInputFiles({
        name: 'beds.png',
        mimeType: 'image/png',
        buffer: await pictureOf('png', { width: 640, height: 400 }),
      });
    await ann!.page.getByRole('button', { name: 'Remove beds.png' }).waitFor();
    await ann!.say('The beds');
    await message(bob!, 'The beds').getByRole('button', { name: 'Show picture beds.png' }).click();
    const full = bob!.page.getByRole('dialog', { name: 'Picture' }).getByRole('img', { name: 'beds.png' });
    await expect.poll(() => full.evaluate((image: any) => image.naturalWidth as number), { timeout: 10_000 }).toBe(640);
    await bob!.page.keyboard.press('Escape');
    await full.waitFor({ state: 'detached' });
    expect(await eve!.page.getByText('Is anybody here?').count()).toBe(0);
    await eve!.page.goto(ann!.page.url());
    await eve!.page.getByText('This talk is not open to you').waitFor();
    expect(await ann!.barriers()).toEqual([]);
  });

  it('answers, edits, deletes, reacts and pins, and the other one sees each', async () => {
    const [ann, bob] = (await meet('Ann', 'Bob')) as [Visitor, Visitor];
    await ann.say('Tea at four?');
    await bob.sees('Tea at four?');
    await choose(bob, 'Tea at four?', 'Reply');
    await bob.say('With cake');
    await message(ann, 'With cake')
      .getByRole('button', { name: /^Ann.*Tea at four\?/ })
      .waitFor();

    await ann.page.getByLabel('Message', { exact: true }).press('Control+ArrowUp');
    await ann.page.getByText('Edit message').waitFor();
    await ann.say('Tea at five?');
    await bob.sees('Tea at five?');
    await message(bob, 'Tea at five?').getByText('edited').waitFor();
    expect(await message(bob, 'Tea at four?').count()).toBe(0);
    await choose(bob, 'Tea at five?', 'Earlier versions…');
    await bob.page.getByRole('dialog', { name: 'Earlier versions' }).getByText('Tea at four?').waitFor();
    await bob.page.keyboard.press('Escape');

    await message(bob, 'Tea at five?').hover();
    await message(bob, 'Tea at five?').getByRole('button', { name: 'More' }).click();
    await bob.page.getByRole('menuitemcheckbox', { name: 'React with 🎉' }).click();
    await message(ann, 'Tea at five?').getByRole('button', { name: '🎉, 1', exact: true }).click();
    const chip = message(bob, 'Tea at five?').getByRole('button', { name: '🎉, 2, yours too' });
    await chip.click();
    await message(ann, 'Tea at five?').getByRole('button', { name: '🎉, 1, yours too' }).waitFor();

    await choose(ann, 'Tea at five?', 'Pin');
    await message(bob, 'Tea at five?').getByRole('img', { name: 'Pinned' }).waitFor();
    await bob.page.getByRole('button', { name: 'Pinned messages' }).click();
    await bob.page.getByRole('list', { name: 'Pinned messages' }).getByText('Tea at five?').waitFor();

    await choose(bob, 'With cake', 'Delete');
    await bob.page
      .getByRole('dialog', { name: 'Delete this message?' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await ann.messages.getByText('This message was deleted').waitFor();
    expect(await message(ann, 'With cake').count()).toBe(0);
    expect(await bob.barriers()).toEqual([]);
  });

  it('saves an edit that somebody reacts to, once, and keeps what is typed while it is saved', async () => {
    const [ann, bob] = (await meet('Ann', 'Bob')) as [Visitor, Visitor];
    const field = ann.page.getByLabel('Message', { exact: true });
    const composer = ann.page.getByRole('form', { name: 'Write a message' });
    await ann.say('soup at one');
    await bob.sees('soup at one');
    await message(ann, 'soup at one').getByRole('img', { name: 'Read' }).waitFor();
    await field.press('ArrowUp');
    await ann.page.getByText('Edit message').waitFor();
    await message(bob, 'soup at one').hover();
    await message(bob, 'soup at one').getByRole('button', { name: 'More' }).click();
    await bob.page.getByRole('menuitemcheckbox', { name: 'React with 🎉' }).click();
    await message(ann, 'soup at one').getByRole('button', { name: '🎉, 1', exact: true }).waitFor();

    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const edits: string[] = [];
    await ann.page.route('**/api/v1/messages/*', async (route) => {
      edits.push(route.request().postDataJSON().text);
      await held;
      await route.continue();
    });
    await ann.say('soup at two');
    await field.press('Enter');
    await expect.poll(() => edits.length).toBe(1);
    await field.fill('soup at two, with bread');
    release();
    await bob.sees('soup at two');
    await composer.getByText('soup at two', { exact: true }).waitFor();
    expect(await field.inputValue()).toBe('soup at two, with bread');
    await field.press('Enter');
    await bob.sees('soup at two, with bread');
    await ann.page.getByText('Edit message').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('');
    expect(edits).toEqual(['soup at two', 'soup at two, with bread']);
  });

  it('takes Enter in a search for the search alone', async () => {
    const [ann, bob] = (await meet('Ann', 'Gilbert')) as [Visitor, Visitor];
    const field = ann.page.getByLabel('Message', { exact: true });
    await field.fill('half a ');
    await ann.page.getByRole('button', { name: 'Emoji' }).click();
    await ann.page.getByLabel('Search emoji').fill('sunflower');
    await ann.page.getByRole('group', { name: 'Found' }).getByRole('button', { name: 'sunflower' }).waitFor();
    await ann.page.getByLabel('Search emoji').press('Enter');
    await expect.poll(() => field.inputValue()).toBe('half a 🌻');
    await field.fill('a whole one');
    await field.press('Enter');
    await bob.sees('a whole one');
    expect(await message(bob, 'half a').count()).toBe(0);

    await ann.page.getByRole('button', { name: 'Begin something' }).click();
    await ann.page.getByRole('menuitem', { name: 'New room' }).click();
    const dialog = ann.page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Room name').fill('Orchard');
    await dialog.getByLabel('Find people').fill('Gilbert');
    await dialog.getByLabel('Find people').press('Enter');
    await dialog.getByLabel(/Gilbert/).check();
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await ann.heading('Orchard').waitFor();
    await bob.talk('Orchard').waitFor();
  });

  it('shows one draft in two tabs, and sends it once', async () => {
    const [ann, bob] = (await meet('Ann', 'Bob')) as [Visitor, Visitor];
    const other = await ann.page.context().newPage();
    await other.goto(ann.page.url());
    const [here, there] = [ann.page, other].map((page) => page.getByLabel('Message', { exact: true })) as [
      Locator,
      Locator,
    ];
    await there.waitFor();
    await here.fill('only once');
    await expect.poll(() => there.inputValue()).toBe('only once');
    await there.press('Enter');
    await expect.poll(() => here.inputValue()).toBe('');
    await bob.sees('only once');
    await here.press('Enter');
    await ann.say('and this');
    await bob.sees('and this');
    expect(await message(bob, 'only once').count()).toBe(1);
  });

  it('says once that a text is too long, and shows by how much', async () => {
    const [ann] = (await meet('Ann')) as [Visitor];
    const field = ann.page.getByLabel('Message', { exact: true });
    const alert = ann.page.getByRole('form', { name: 'Write a message' }).getByRole('alert');
    await field.fill('a'.repeat(16_000));
    expect(await alert.count()).toBe(0);
    await field.press('b');
    await ann.page.getByText('One character too many').waitFor();
    await expect.poll(() => alert.textContent()).toBe('The message is too long.');
    await field.press('c');
    await ann.page.getByText('2 characters too many').waitFor();
    expect(await alert.textContent()).toBe('The message is too long.');
    expect(await ann.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
  });

  it('shows nothing of what somebody wrote who is blocked, until that is wished', async () => {
    const [ann, bob] = (await meet('Ann', 'Bob')) as [Visitor, Visitor];
    await bob.say('rude words');
    await ann.sees('rude words');
    await choose(ann, 'rude words', 'Reply');
    await ann.say('please do not');
    await message(ann, 'please do not').getByText('rude words').waitFor();
    await message(ann, 'rude words').getByRole('button', { name: 'Bob' }).click();
    await ann.page.getByRole('button', { name: 'Block' }).click();
    await ann.page.getByRole('dialog', { name: 'Block Bob?' }).getByRole('button', { name: 'Block' }).click();
    await ann.page.getByRole('button', { name: 'Unblock', exact: true }).waitFor();
    await ann.page.keyboard.press('Escape');
    await bob.say('worse words');
    await message(ann, 'Message of somebody you have blocked').nth(1).waitFor();
    await message(ann, 'please do not').getByText('Message of somebody you have blocked').waitFor();
    expect(await ann.page.getByText(/(rude|worse) words/).count()).toBe(0);
    expect(await message(ann, /(rude|worse) words/).count()).toBe(0);
    await message(ann, 'Message of somebody').first().getByRole('button', { name: 'Show' }).click();
    await message(ann, 'rude words').waitFor();
    await message(ann, 'please do not').getByText('rude words').waitFor();
    expect(await ann.page.getByText('worse words').count()).toBe(0);
  });

  it('completes who is spoken to, and tells who writes and who has read', async () => {
    const [ann, bob] = (await meet('Ann Lee', 'Bob')) as [Visitor, Visitor];
    const field = bob.page.getByLabel('Message', { exact: true });
    await field.pressSequentially('hello @ann');
    await ann.page.getByText('Bob is writing…').waitFor();
    await bob.page.getByRole('option', { name: /Ann Lee/ }).waitFor();
    await field.press('Enter');
    expect(await field.inputValue()).toBe('hello @Ann Lee ');
    await field.press('Enter');
    await ann.messages.getByText('@Ann Lee', { exact: true }).waitFor();
    await message(bob, '@Ann Lee').getByRole('img', { name: 'Read' }).waitFor();
    await choose(bob, '@Ann Lee', 'Read by…');
    await bob.page.getByRole('list', { name: 'Read' }).getByText('Ann Lee').waitFor();
  });

  it('finds what was said, and goes there', async () => {
    const [ann, bob] = (await meet('Ann', 'Bob')) as [Visitor, Visitor];
    await ann.say('the spade is in the shed');
    await bob.sees('the spade is in the shed');
    for (let i = 0; i < 40; i++) await bob.say(`line ${i}`);
    await ann.sees('line 39');
    await ann.page.getByRole('button', { name: 'Search in this room' }).click();
    const found = ann.page.getByRole('list', { name: 'Found messages' }).getByRole('button');
    await expect
      .poll(
        async () => {
          // What was said a moment ago may not be in the index yet.
          await ann.page.getByLabel('Search messages').fill('');
          await ann.page.getByLabel('Search messages').fill('spade');
          await found
            .first()
            .waitFor({ timeout: 2000 })
            .catch(() => undefined);
          return found.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    await found.click();
    await expect.poll(() => message(ann, 'the spade is in the shed').isVisible()).toBe(true);
    await ann.page.getByRole('button', { name: 'To the newest message' }).click();
    await expect.poll(() => message(ann, 'line 39').isVisible()).toBe(true);
    expect(await ann.barriers()).toEqual([]);
  });

  it('forwards to another room, by keys alone', async () => {
    const [ann, bob] = (await meet('Ann', 'Bob')) as [Visitor, Visitor];
    await ann.createRoom('Cellar');
    await ann.talk('Garden').first().click();
    await bob.say('potatoes');
    await ann.sees('potatoes');
    await ann.page.getByLabel('Message', { exact: true }).press('Shift+Tab');
    await message(ann, 'potatoes').focus();
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('menuitem', { name: 'Forward…' }).press('Enter');
    const dialog = ann.page.getByRole('dialog', { name: 'Forward to' });
    await dialog.getByLabel('Cellar').check();
    await dialog.getByRole('button', { name: 'Forward to one room' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await ann.talk('Cellar').click();
    await ann.sees('potatoes');
    await ann.messages.getByText('Forwarded from Bob').waitFor();
    await message(ann, 'potatoes').focus();
    await ann.page.keyboard.press('Escape');
    expect(
      await ann.page
        .getByLabel('Message', { exact: true })
        .evaluate((field: any) => field === field.ownerDocument.activeElement),
    ).toBe(true);
  });
});
