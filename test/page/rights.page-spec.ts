import { describe, expect, it } from 'vitest';
import type { Visitor } from './browser.js';
import { Stage } from './stage.js';

describe('what one may do in a room', () => {
  const stage = Stage.set();

  async function pair(room: string): Promise<[Visitor, Visitor]> {
    const [owner, member] = await Promise.all([stage.arrive(), stage.arrive()]);
    await Promise.all([owner.enterAsGuest('Olga'), member.enterAsGuest('Max')]);
    await owner.createRoom(room);
    await member.joinRoom(room);
    await owner.messages.getByText('Max joined').waitFor();
    return [owner, member];
  }

  const field = ({ page }: Visitor) => page.getByLabel('Message', { exact: true });

  async function set(owner: Visitor, change: (dialog: ReturnType<Visitor['page']['getByRole']>) => Promise<unknown>) {
    await owner.chooseInRoom('Room settings');
    const dialog = owner.page.getByRole('dialog');
    await change(dialog);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await owner.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }

  it('is told in the place of the field, as soon as it changes, and what was typed is there again', async () => {
    const [owner, member] = await pair('Stage');
    await field(member).fill('half a line');
    await set(owner, (dialog) => dialog.getByLabel('Only admins write').click());
    await member.page.getByText('Only admins write in this room.').waitFor();
    expect(await field(member).count()).toBe(0);
    await owner.say('only me');
    await member.sees('only me');
    await set(owner, (dialog) => dialog.getByLabel('Only admins write').click());
    await expect.poll(() => field(member).inputValue()).toBe('half a line');
  });

  it('waits in slow mode, and says for how long', async () => {
    const [owner, member] = await pair('Queue');
    await set(owner, (dialog) => dialog.getByLabel('Slow mode').selectOption({ index: 1 }));
    await member.say('first');
    await owner.sees('first');
    await member.page.getByText(/^Slow mode: you can write again in/).waitFor();
    expect(await member.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await owner.say('I need not wait');
    await owner.say('at all');
    await member.sees('at all');
  });

  it('offers in the menu of a message only what is allowed', async () => {
    const [owner, member] = await pair('Desk');
    await owner.say('by the owner');
    await member.say('by the member');
    await owner.sees('by the member');
    await member.sees('by the owner');
    const lines = async (visitor: Visitor, text: string): Promise<string[]> => {
      const row = visitor.messages.getByRole('listitem', { name: text });
      await row.hover();
      await row.getByRole('button', { name: 'More' }).click();
      const names = await visitor.page.getByRole('menu', { name: 'Message' }).getByRole('menuitem').allTextContents();
      if (text === 'by the owner') expect(await visitor.barriers()).toEqual([]);
      await visitor.page.keyboard.press('Escape');
      return names;
    };
    const everybody = ['Another reaction…', 'Reply', 'Copy text', 'Forward…'];
    expect(await lines(member, 'by the owner')).toEqual(everybody);
    expect(await lines(member, 'by the member')).toEqual(
      expect.arrayContaining([...everybody, 'Edit', 'Read by…', 'Delete']),
    );
    expect(await lines(owner, 'by the member')).toEqual([...everybody, 'Pin', 'Delete']);
  });
});
