import { describe, expect, it } from 'vitest';
import type { Visitor } from './browser.js';
import { Stage } from './stage.js';

describe('the talks', () => {
  const stage = Stage.set();

  async function guest(name: string): Promise<Visitor> {
    const visitor = await stage.arrive();
    await visitor.enterAsGuest(name);
    return visitor;
  }

  /** The names in the list of talks, from the top. */
  const order = async ({ page }: Visitor): Promise<string[]> => {
    const rows = page.getByRole('navigation', { name: 'Talks' }).getByRole('link');
    return (await rows.allTextContents()).map((text) => /^(Kitchen|Cellar)/.exec(text)?.[0] ?? text);
  };

  it('count what is new, in the list and in the title, and move up as messages come', async () => {
    const [cat, dan] = await Promise.all([guest('Cat'), guest('Dan')]);
    await cat.createRoom('Kitchen');
    await dan.joinRoom('Kitchen');
    await cat.createRoom('Cellar');
    await expect.poll(() => order(cat)).toEqual(['Cellar', 'Kitchen']);
    await dan.page.getByLabel('Message', { exact: true }).pressSequentially('where');
    await cat.talk('Kitchen').getByText('Dan is typing…').waitFor();
    await dan.say('where are you?');
    await cat.talk('Kitchen').getByText('Dan: where are you?').waitFor();
    await cat.talk('Kitchen').getByRole('img', { name: '1 unread' }).waitFor();
    await expect.poll(() => cat.page.title()).toBe('(1) Cellar · Parley');
    await expect.poll(() => order(cat)).toEqual(['Kitchen', 'Cellar']);
    await cat.talk('Kitchen').click();
    await cat.sees('where are you?');
    await cat.talk('Kitchen').getByRole('img', { name: '1 unread' }).waitFor({ state: 'detached' });
    await expect.poll(() => cat.page.title()).toBe('Kitchen · Parley');
    expect(
      await dan
        .talk('Kitchen')
        .getByRole('img', { name: /unread/ })
        .isVisible(),
    ).toBe(false);
  });

  it('tell of messages in rooms that are not looked at, and of no others', async () => {
    const eve = await stage.arrive({ permissions: ['notifications'] });
    await eve.page.evaluate(`window.told = []; window.Notification = class extends EventTarget {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      constructor(title, { body }) { super(); window.told.push(title + ' | ' + body); }
    }`);
    const told = (): Promise<string[]> => eve.page.evaluate('window.told');
    await eve.enterAsGuest('Eve');
    await eve.choose('Settings');
    await eve.page.getByLabel('Show notices in this browser').click();
    await eve.createRoom('Loft');
    const fay = await guest('Fay');
    await fay.joinRoom('Loft');
    await fay.say('are you here?');
    await eve.sees('are you here?');
    await eve.page.getByRole('link', { name: 'People' }).first().click();
    await fay.say('or there?');
    await expect.poll(told, { timeout: 10_000 }).toEqual(['Loft | Fay: or there?']);
    await eve.talk('Loft').click();
    await eve.chooseInRoom('Notices and my name for it');
    await eve.page.getByLabel('Tell me of').selectOption('Nothing');
    await eve.page.getByRole('button', { name: 'Save' }).click();
    await eve.page.getByRole('link', { name: 'People' }).first().click();
    await fay.say('or nowhere?');
    await eve.talk('Loft').getByText('Fay: or nowhere?').waitFor();
    expect(await told()).toEqual(['Loft | Fay: or there?']);
  });

  it('say that the connection is away, try again when asked, and show what was opened meanwhile', async () => {
    const gus = await guest('Gus');
    await gus.createRoom('Shed');
    await gus.say('a rake');
    await gus.sees('a rake');
    await gus.page.getByRole('link', { name: 'People' }).first().click();
    await stage.killServer();
    await gus.page.getByRole('status').getByText('No connection').waitFor();
    await gus.talk('Shed').click();
    await stage.restartServer();
    // It may be back by itself before somebody can ask for it.
    await gus.page
      .getByRole('button', { name: 'Try now' })
      .click()
      .catch(() => undefined);
    await gus.sees('a rake');
    await gus.page.getByRole('status').getByText('No connection').waitFor({ state: 'hidden' });
    const people = gus.page.getByRole('complementary', { name: 'In this room' });
    await people.getByRole('button', { name: /^Gus/ }).waitFor();
    expect(await gus.page.title()).toBe('Shed · Parley');
  });

  it('are begun in Chinese by two guests who have never seen the page', async () => {
    const [mei, wei] = await Promise.all([stage.arrive({ locale: 'zh-CN' }), stage.arrive({ locale: 'zh-CN' })]);
    for (const [visitor, name] of [
      [mei, '小美'],
      [wei, '阿伟'],
    ] as const) {
      await visitor.page.getByLabel('您的名字').fill(name);
      await visitor.page.getByRole('button', { name: '以访客身份进入' }).click();
      await visitor.menu.waitFor();
    }
    await mei.page.getByRole('button', { name: '新建房间' }).first().click();
    await mei.page.getByLabel('房间名称').fill('茶馆');
    await mei.page.getByRole('button', { name: '创建房间' }).click();
    await mei.heading('茶馆').waitFor();
    await wei.page.getByRole('link', { name: '发现房间' }).first().click();
    await wei.page.getByRole('button', { name: '加入茶馆' }).click();
    await wei.page.getByLabel('消息', { exact: true }).fill('大家好 🍵');
    await wei.page.keyboard.press('Enter');
    await mei.page.getByRole('list', { name: /^消息/ }).getByText('大家好 🍵').waitFor();
    await mei.page.getByText('阿伟 加入了房间').waitFor();
    expect(await mei.page.title()).toBe('茶馆 · Parley');
  });
});
