import { describe, expect, it } from 'vitest';
import { PHONE, type Visitor } from './browser.js';
import { Stage } from './stage.js';

describe('rooms', () => {
  const stage = Stage.set();

  async function guests(...names: string[]): Promise<Visitor[]> {
    return Promise.all(
      names.map(async (name) => {
        const visitor = await stage.arrive();
        await visitor.enterAsGuest(name);
        return visitor;
      }),
    );
  }

  const people = ({ page }: Visitor) => page.getByRole('complementary', { name: 'In this room' });

  it('are made, found and joined, and show who is here', async () => {
    const [ann, bob, cat] = await guests('Ann', 'Bob', 'Cat');
    await ann.createRoom('Garden');
    await ann.createRoom('Cellar', { isPrivate: true });
    await bob.page.getByRole('link', { name: 'Find rooms' }).first().click();
    await bob.page.getByRole('button', { name: 'Join Garden' }).waitFor();
    expect(await bob.page.getByText('Cellar').isVisible()).toBe(false);
    await bob.joinRoom('Garden');
    await bob.talk('Garden').waitFor();
    await people(bob)
      .getByRole('button', { name: /^Ann Owner/ })
      .waitFor();
    await ann.talk('Garden').click();
    await people(ann).getByRole('list', { name: 'Here now: 2' }).getByRole('button', { name: /^Bob/ }).waitFor();
    expect(await cat.page.getByText('Garden').isVisible()).toBe(false);

    await bob.chooseInRoom('Leave the room');
    await bob.page.getByRole('dialog', { name: 'Leave Garden?' }).getByRole('button', { name: 'Leave' }).click();
    await bob.talk('Garden').waitFor({ state: 'detached' });
    await people(ann).getByRole('list', { name: 'Here now: 1' }).waitFor();
  });

  it('let people in by a link, as often as it says', async () => {
    const [dan] = await guests('Dan');
    await dan.createRoom('Attic', { isPrivate: true });
    await dan.chooseInRoom('Invite links');
    const dialog = dan.page.getByRole('dialog', { name: 'Invite links' });
    await dialog.getByLabel('How many may use it').selectOption('1');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    await dialog.getByText('Used 0 of 1 times').waitFor();
    const link = (await dialog.getByText(/#\/invite\//).textContent()) ?? '';
    const path = link.slice(link.indexOf('/#'));

    const eve = await stage.arrive({ path });
    await eve.page.getByText('You have been invited to a room.').waitFor();
    await eve.enterAsGuest('Eve');
    await eve.page.getByRole('button', { name: 'Join Attic' }).click();
    await eve.heading('Attic').waitFor();
    await people(dan).getByRole('button', { name: /^Eve/ }).waitFor();

    const fay = await stage.arrive({ path });
    await fay.enterAsGuest('Fay');
    await fay.page.getByText('This link does not work').waitFor();
    expect(await fay.page.getByRole('button', { name: /^Join/ }).isVisible()).toBe(false);
  });

  it('are run by their owner and admins, and by nobody else', async () => {
    const [gus, hal] = await guests('Gus', 'Hal');
    await gus.createRoom('Kitchen');
    await hal.joinRoom('Kitchen');
    await hal.chooseInRoom('Room settings');
    await hal.page.getByRole('dialog').getByText('Only the owner and admins change this.').waitFor();
    expect(await hal.page.getByLabel('Room name').isDisabled()).toBe(true);
    expect(await hal.page.getByRole('button', { name: 'Save' }).isVisible()).toBe(false);
    await hal.page.keyboard.press('Escape');

    await gus.chooseInRoom('Members and roles');
    await gus.page.getByRole('button', { name: 'What to do about Hal' }).click();
    await gus.page.getByRole('menuitem', { name: 'Make admin' }).click();
    await gus.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Hal Admin/ })
      .waitFor();
    await hal.chooseInRoom('Room settings');
    const settings = hal.page.getByRole('dialog', { name: 'Room settings' });
    await settings.getByLabel('Room name').fill('Big kitchen');
    await settings.getByLabel('Slow mode').selectOption('30 seconds');
    await settings.getByRole('button', { name: 'Save' }).click();
    await gus.talk('Big kitchen').waitFor();
    expect(await settings.isVisible()).toBe(false);

    await gus.page.getByRole('button', { name: 'What to do about Hal' }).click();
    await gus.page.getByRole('menuitem', { name: 'Ban', exact: true }).click();
    await gus.page.getByRole('dialog', { name: 'Ban: Hal?' }).getByRole('button', { name: 'Ban' }).click();
    await hal.talk('Big kitchen').waitFor({ state: 'detached' });
    await gus.page.getByRole('button', { name: 'Banned people' }).click();
    await gus.page.getByRole('list', { name: 'Banned people' }).getByText('Hal').waitFor();
  });

  it('are silenced and renamed for oneself alone', async () => {
    const [ida, joe] = await guests('Ida', 'Joe');
    await ida.createRoom('Loft');
    await joe.joinRoom('Loft');
    await joe.chooseInRoom('Notices and my name for it');
    const own = joe.page.getByRole('dialog', { name: 'My settings here' });
    await own.getByLabel('Silence').selectOption('For an hour');
    await own.getByLabel('What I call it').fill('Up there');
    await own.getByRole('button', { name: 'Save' }).click();
    await joe.talk('Up there').getByRole('img', { name: 'Silenced' }).waitFor();
    expect(await ida.talk('Loft').getByRole('img', { name: 'Silenced' }).isVisible()).toBe(false);
  });

  it.each(['light', 'dark'] as const)('are shown without barriers, wide and on a phone, %s', async (colorScheme) => {
    const kim = await stage.arrive({ colorScheme });
    await kim.enterAsGuest('Kim');
    await kim.createRoom(`Den ${colorScheme}`);
    for (const line of ['Members and roles', 'Invite links', 'Room settings', 'Notices and my name for it']) {
      await kim.chooseInRoom(line);
      await kim.page.getByRole('dialog').waitFor();
      expect(await kim.barriers()).toEqual([]);
      await kim.page.keyboard.press('Escape');
      await kim.page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await kim.page.setViewportSize(PHONE.viewport);
    expect(await kim.barriers()).toEqual([]);
    expect(await kim.isTooWide()).toBe(false);
    await kim.page.getByRole('link', { name: 'Back to talks' }).click();
    await kim.talk(`Den ${colorScheme}`).waitFor();
    expect(await kim.barriers()).toEqual([]);
    expect(await kim.isTooWide()).toBe(false);
  });
});
