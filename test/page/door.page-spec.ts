import type { Response } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PHONE } from './browser.js';
import { Stage } from './stage.js';

describe('the door', () => {
  const stage = Stage.set();

  it('lets a guest in without a word, with a made-up name and picture', async () => {
    const { page, menu } = await stage.arrive();
    await page.getByRole('button', { name: 'Enter as a guest' }).click();
    await menu.waitFor();
    await page.getByRole('button', { name: /^\w+ \w+ Online · Guest My menu$/ }).waitFor();
    expect(await menu.getByRole('presentation').getAttribute('src')).toContain('made-up');
  });

  it('says why somebody cannot come in, in his language', async () => {
    const eve = await stage.arrive();
    await eve.fillRegistration('eve', 'password');
    await eve.page.getByRole('alert').getByText('Password is one of the passwords that everybody tries.').waitFor();
    await eve.page.getByRole('button', { name: 'Have an account' }).click();
    await eve.signIn('eve', 'no such password');
    await eve.page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor();
    await eve.page.getByRole('button', { name: '中文' }).click();
    await eve.page.getByRole('button', { name: '登录' }).click();
    await eve.page.getByRole('alert').getByText('用户名或密码不正确。').waitFor();
    expect(await eve.menu.isVisible()).toBe(false);
  });

  it('makes an account, and lets its owner in again', async () => {
    const ann = await stage.arrive();
    await ann.register('ann');
    await ann.signOut();
    await ann.page.reload();
    await ann.signIn('ANN');
    await ann.menu.waitFor();
    expect(await ann.door.isVisible()).toBe(false);
  });

  it('asks a guest whether he means to go for good', async () => {
    const dan = await stage.arrive();
    await dan.enterAsGuest('Dan');
    await dan.choose('Sign out');
    await dan.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await dan.menu.waitFor();
    await dan.signOut();
    await dan.page.reload();
    await dan.door.waitFor();
    expect(await dan.menu.isVisible()).toBe(false);
  });

  it('follows a sign-out of another tab, with nothing left for who comes next', async () => {
    const hal = await stage.arrive();
    await hal.register('hal');
    await hal.createRoom('Hall');
    await hal.choose('Away');
    await hal.page.getByRole('button', { name: /^hal Away/ }).waitFor();
    await hal.chooseInRoom('Leave the room');
    await hal.page.getByRole('dialog').waitFor();
    const other = await hal.page.context().newPage();
    await other.goto(stage.url);
    await other.getByRole('button', { name: 'My menu' }).click();
    await other.getByRole('menuitem', { name: 'Sign out' }).click();
    await hal.door.waitFor();
    expect(await hal.menu.isVisible()).toBe(false);
    expect(await hal.page.getByRole('dialog').count()).toBe(0);
    await hal.enterAsGuest('Ivy');
    await hal.page.getByRole('button', { name: /^Ivy Online/ }).waitFor();
    expect(await hal.talk('Hall').count()).toBe(0);
  });

  it('speaks the language of the browser, and the one that is chosen', async () => {
    const mei = await stage.arrive({ locale: 'zh-CN' });
    await mei.page.getByLabel('您的名字').fill('小美');
    await mei.page.getByRole('button', { name: '以访客身份进入' }).click();
    await mei.page.getByRole('button', { name: /^小美/ }).click();
    await mei.page.getByRole('menuitem', { name: '设置', exact: true }).click();
    await mei.page.getByLabel('语言').selectOption('English');
    await mei.page.getByRole('heading', { name: 'Settings' }).waitFor();
    await mei.page.reload();
    await mei.page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(await mei.page.getAttribute('html', 'lang')).toBe('en');
  });

  it('is walked through by keys alone, and so is the list behind it', async () => {
    const { page, menu } = await stage.arrive();
    await page.getByRole('button', { name: 'Enter as a guest' }).waitFor();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab');
    await page.keyboard.type('Kay');
    await press('Tab', 'Enter');
    await menu.waitFor();
    await press('Tab', 'Enter');
    await page.getByRole('menu').waitFor();
    await press('ArrowDown', 'ArrowDown', 'ArrowUp', 'Escape');
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await menu.and(page.locator(':focus')).waitFor();
    await press('Tab', 'Enter');
    await page.getByRole('menuitem', { name: 'New room' }).waitFor();
    await press('Enter');
    await page.getByRole('dialog', { name: 'New room' }).waitFor();
    await page.getByLabel('Room name').waitFor();
    await page.keyboard.type('By keys');
    await press('Enter');
    await page.getByRole('heading', { level: 1, name: 'By keys' }).waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
  });

  it.each(['light', 'dark'] as const)('has no barriers and fits a phone, %s', async (colorScheme) => {
    const eve = await stage.arrive({ colorScheme, ...PHONE });
    await eve.page.getByRole('button', { name: 'Enter as a guest' }).waitFor();
    expect(await eve.barriers()).toEqual([]);
    expect(await eve.isTooWide()).toBe(false);
    await eve.page.getByRole('button', { name: 'New here' }).click();
    await eve.page.getByRole('button', { name: 'Create account' }).waitFor();
    expect(await eve.barriers()).toEqual([]);
    expect(await eve.isTooWide()).toBe(false);
  });

  it('costs at most 100 KiB up to a room that is open', async () => {
    const fay = await stage.arrive();
    const answers: Response[] = [];
    fay.page.on('response', (answer) => answers.push(answer));
    await fay.page.reload();
    await fay.enterAsGuest('Fay');
    await fay.createRoom('Small');
    await fay.page.getByRole('complementary', { name: 'In this room' }).waitFor();
    const own = answers.filter((answer) =>
      ['document', 'script', 'stylesheet'].includes(answer.request().resourceType()),
    );
    // As packed: a browser that has a file already asks for it no more, but tells how long it was.
    const lengths = await Promise.all(own.map((answer) => answer.headerValue('content-length')));
    const sum = lengths.reduce((bytes, length) => bytes + Number(length), 0);
    expect(own.length).toBeGreaterThan(3);
    expect(sum).toBeLessThan(100 * 1024);
    expect(sum).toBeGreaterThan(30 * 1024);
  });

  it('shows the API documents without breaking its policy', async () => {
    const reader = await stage.arrive({ path: '/api/docs' });
    await reader.page.getByText('/api/v1/auth/register').first().waitFor();
    expect(reader.faults).toEqual([]);
  });
});
