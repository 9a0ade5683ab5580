import { describe, expect, it } from 'vitest';
import { PHONE, type Visitor } from './browser.js';
import { Stage } from './stage.js';

describe('a room on a phone, in Chinese', () => {
  const stage = Stage.set();
  const phone = { ...PHONE, locale: 'zh-CN', hasTouch: true, isMobile: true } as const;

  const field = ({ page }: Visitor) => page.getByRole('textbox', { name: '消息', exact: true });
  const list = ({ page }: Visitor) => page.getByRole('list', { name: '消息列表' });

  async function enter(name: string): Promise<Visitor> {
    const visitor = await stage.arrive(phone);
    await visitor.page.getByLabel('您的名字').fill(name);
    await visitor.page.getByRole('button', { name: '以访客身份进入' }).click();
    await visitor.page.getByRole('button', { name: /My menu|我的菜单/ }).waitFor();
    return visitor;
  }

  it('is written in, answered by a finger that rests on a message, and searched', async () => {
    const [ann, mei] = await Promise.all([stage.arrive(), enter('小梅')]);
    await ann.enterAsGuest('Ann');
    await ann.createRoom('Teahouse');
    await mei.page.goto(`${stage.url}/#/find`);
    await mei.page.getByRole('button', { name: /Teahouse/ }).click();
    await mei.heading('Teahouse').waitFor();
    await ann.say('Which tea today?');
    const row = list(mei).getByRole('listitem', { name: 'Which tea today?' });
    await row.waitFor();
    await row.getByText('Which tea today?').dispatchEvent('pointerdown', { pointerType: 'touch' });
    await mei.page.getByRole('menuitem', { name: '回复' }).click();
    await mei.page.getByText('回复 Ann').waitFor();
    await field(mei).fill('今天喝龙井茶');
    await mei.page.getByRole('button', { name: '发送', exact: true }).click();
    await ann.sees('今天喝龙井茶');

    await mei.page.getByRole('button', { name: '表情' }).click();
    await mei.page.getByLabel('搜索表情').fill('热饮');
    await mei.page.getByRole('button', { name: '热饮', exact: true }).click();
    await mei.page.getByRole('button', { name: '发送', exact: true }).click();
    await ann.messages.getByText('☕').waitFor();
    expect(await mei.barriers()).toEqual([]);
    expect(await mei.isTooWide()).toBe(false);

    await mei.page.getByRole('button', { name: '在此房间中搜索' }).click();
    const found = mei.page.getByRole('list', { name: '搜索结果' }).getByRole('button');
    await expect
      .poll(
        async () => {
          // What was said a moment ago may not be in the index yet.
          await mei.page.getByLabel('搜索消息').fill('');
          await mei.page.getByLabel('搜索消息').fill('龙井');
          await found
            .first()
            .waitFor({ timeout: 2000 })
            .catch(() => undefined);
          return found.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await mei.isTooWide()).toBe(false);
    expect(await mei.barriers()).toEqual([]);
    // Over all rooms it is a screen of its own, with a way back.
    await mei.page.goto(`${stage.url}/#/search/${encodeURIComponent('龙井')}`);
    await mei.page.getByRole('heading', { name: '搜索所有会话' }).waitFor();
    expect(await mei.barriers()).toEqual([]);
    await found.click();
    await expect.poll(() => list(mei).getByRole('listitem', { name: '今天喝龙井茶' }).isVisible()).toBe(true);
    expect(await mei.isTooWide()).toBe(false);
  });
});
