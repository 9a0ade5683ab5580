import { describe, expect, it } from 'vitest';
import { PHONE } from './browser.js';
import { Stage } from './stage.js';

/** One red pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
);

describe('settings', () => {
  const stage = Stage.set();

  async function settingsOf(name: string, options = {}) {
    const visitor = await stage.arrive({ path: '/#/settings', ...options });
    await visitor.register(name);
    await visitor.page.getByRole('heading', { name: 'Profile' }).waitFor();
    return visitor;
  }

  it('changes what others see: name, words, picture and status', async () => {
    const [ann, bob] = [await settingsOf('ann'), await stage.arrive({ path: '/#/people' })];
    await bob.enterAsGuest('Bob');
    const profile = ann.page.getByRole('form', { name: 'Profile' });
    await profile.getByLabel('Name', { exact: true }).fill('Ann of the Garden');
    await profile.getByLabel('About me').fill('I grow beans.');
    await profile.getByRole('button', { name: 'Save profile' }).click();
    await ann.page.getByRole('button', { name: /^Ann of the Garden/ }).waitFor();
    const before = await ann.menu.getByRole('presentation').getAttribute('src');
    const file = { name: 'red.png', mimeType: 'image/png', buffer: PICTURE };
    await ann.page.getByLabel('Choose a picture').setInputFiles(file);
    await expect.poll(() => ann.menu.getByRole('presentation').getAttribute('src')).not.toBe(before);
    const status = ann.page.getByRole('form', { name: 'Set a status' });
    await status.getByRole('button', { name: '📚' }).click();
    await status.getByLabel('What are you up to?').fill('Reading');
    await status.getByRole('button', { name: 'Set status' }).click();
    await ann.page.getByRole('button', { name: /^Ann of the Garden 📚 Reading/ }).waitFor();

    await bob.page.getByLabel('Find people by name').fill('Garden');
    await bob.page.getByRole('button', { name: /^Ann of the Garden/ }).click();
    const card = bob.page.getByRole('dialog', { name: 'Profile' });
    await card.getByText('I grow beans.').waitFor();
    await card.getByText(/📚 Reading/).waitFor();
  });

  it('changes the password, and shows and ends logins', async () => {
    const cat = await settingsOf('cat');
    const other = await stage.arrive({ path: '/#/settings' });
    await other.signIn('cat');
    await other.menu.waitFor();
    await cat.page.reload();
    const logins = cat.page.getByRole('list', { name: 'Logins' });
    await logins.getByText('This one').waitFor();
    await logins.getByRole('button', { name: /^End the login/ }).click();
    await other.door.waitFor();

    const form = cat.page.getByRole('form', { name: 'Password' });
    await form.getByLabel('Present password').fill('not mine');
    await form.getByLabel('New password').fill('another fine password');
    await form.getByRole('button').click();
    await form.getByRole('alert').getByText('The present password is wrong.').waitFor();
    await form.getByLabel('Present password').fill('a fine long password');
    await form.getByRole('button').click();
    await cat.page.getByText('The password is changed.').waitFor();
    await other.signIn('cat');
    await other.page.getByRole('alert').waitFor();
    expect(await other.menu.isVisible()).toBe(false);
    await other.signIn('cat', 'another fine password');
    await other.menu.waitFor();
  });

  it('keeps what is chosen for this browser and for this account', async () => {
    const dan = await settingsOf('dan');
    await dan.page.getByLabel('Colours').selectOption('Dark');
    await dan.page.getByLabel(/^Who may write to me/).selectOption('Friends only');
    await dan.page.getByLabel(/^Tell others/).click();
    await expect.poll(() => dan.page.getByLabel(/^Tell others/).isChecked()).toBe(false);
    await dan.page.reload();
    await dan.page.getByLabel(/^Who may write to me/).waitFor();
    expect(await dan.page.getByLabel('Colours').inputValue()).toBe('dark');
    expect(await dan.page.getByLabel(/^Who may write to me/).inputValue()).toBe('friends');
    expect(await dan.page.getByLabel(/^Tell others/).isChecked()).toBe(false);
    expect(await dan.page.getAttribute('html', 'data-theme')).toBe('dark');
  });

  it('hands out what is one’s own, and ends the account', async () => {
    const eve = await settingsOf('eve');
    const download = eve.page.waitForEvent('download');
    await eve.page.getByRole('button', { name: 'Export my data' }).click();
    expect((await download).suggestedFilename()).toBe('parley-export.zip');
    await eve.page.getByRole('button', { name: 'Delete my account' }).click();
    const dialog = eve.page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill('wrong');
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await dialog.getByRole('alert').getByText('The present password is wrong.').waitFor();
    await dialog.getByLabel('Your password').fill('a fine long password');
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await eve.door.waitFor();
    await eve.signIn('eve');
    await eve.page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor();
    expect(await eve.menu.isVisible()).toBe(false);
  });

  it.each(['light', 'dark'] as const)('have no barriers and fit a phone, %s', async (colorScheme) => {
    const fay = await settingsOf(`fay-${colorScheme}`, { colorScheme });
    await fay.page.setViewportSize(PHONE.viewport);
    expect(await fay.barriers()).toEqual([]);
    expect(await fay.isTooWide()).toBe(false);
  });
});
