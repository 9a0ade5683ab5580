import { describe, expect, it } from 'vitest';
import type { Visitor } from './browser.js';
import { Line } from './line.js';
import { Stage } from './stage.js';

const isWaiting = ({ messages }: Visitor) => messages.getByRole('img', { name: 'Sending…' }).first();

/** What people wrote, as the list shows it, in its order. */
async function said({ messages }: Visitor): Promise<string[]> {
  const rows = messages.getByRole('listitem');
  const labels = await rows.evaluateAll((all: any[]) => all.map((row) => row.ariaLabel as string));
  return labels.flatMap((label) => /, \d\d:\d\d, (.*)$/s.exec(label)?.[1] ?? []);
}

describe('somebody whose network is cut', () => {
  const stage = Stage.set();

  it.each([
    ['two seconds', 2],
    ['40 seconds', 40],
    ['ten minutes', 600],
  ])('for %s has everything once and in order afterwards', async (_, seconds) => {
    const [ann, bob] = await Promise.all([stage.arrive(), stage.arrive()]);
    await Promise.all([ann.enterAsGuest('Ann'), bob.enterAsGuest('Bob')]);
    const room = `Quay ${seconds}`;
    await ann.createRoom(room);
    await bob.joinRoom(room);
    await ann.page.clock.install();
    const line = await Line.of(ann);
    await ann.heading(room).waitFor();
    await bob.say('before');
    await ann.sees('before');
    line.cut();
    await ann.say('written meanwhile');
    await isWaiting(ann).waitFor();
    for (const text of ['one', 'two', 'three']) await bob.say(text);
    await bob.sees('three');
    await ann.page.getByLabel('Message', { exact: true }).fill('half a sent');
    await ann.page.clock.fastForward(seconds * 1000);
    expect(await said(ann)).toEqual(['before', 'written meanwhile']);
    line.mend();
    // The longest that it waits between two attempts.
    await ann.page.clock.fastForward(30_000);
    await bob.sees('written meanwhile');
    const all = ['before', 'one', 'two', 'three', 'written meanwhile'];
    await expect.poll(() => said(ann)).toEqual(all);
    await expect.poll(() => said(bob)).toEqual(all);
    expect(await isWaiting(ann).count()).toBe(0);
    expect(await ann.page.getByLabel('Message', { exact: true }).inputValue()).toBe('half a sent');
  });
});

describe('somebody whose token ends every few seconds', () => {
  const stage = Stage.set({ ACCESS_TOKEN_SECONDS: '5' });

  it('notices nothing of it', async () => {
    const [ann, bob] = await Promise.all([stage.arrive(), stage.arrive()]);
    const renewed = () => ann.page.waitForResponse((answer) => answer.url().endsWith('/auth/refresh') && answer.ok());
    await Promise.all([ann.enterAsGuest('Ann'), bob.enterAsGuest('Bob')]);
    await ann.createRoom('Pier');
    await bob.joinRoom('Pier');
    for (const text of ['one', 'two', 'three']) {
      await renewed();
      await ann.say(text);
      await bob.sees(text);
    }
    await expect.poll(() => said(bob)).toEqual(['one', 'two', 'three']);
    await expect.poll(() => said(ann)).toEqual(['one', 'two', 'three']);
    expect(await ann.page.getByText('No connection').count()).toBe(0);
  });
});

describe('somebody with two devices', () => {
  const stage = Stage.set();

  it('has read on both what he reads on one, and on neither what he has not', async () => {
    const [desk, phone, bob] = await Promise.all([stage.arrive(), stage.arrive(), stage.arrive()]);
    await desk.register('ann');
    await phone.signIn('ann');
    await phone.menu.waitFor();
    await bob.enterAsGuest('Bob');
    await bob.createRoom('Lock');
    await desk.joinRoom('Lock');
    await desk.createRoom('Dock');
    await bob.joinRoom('Dock');
    await phone.talk('Dock').click();
    await bob.talk('Lock').click();
    await bob.say('are you there?');
    const unread = (visitor: Visitor, room: string) => visitor.talk(room).getByRole('img', { name: '1 unread' });
    await Promise.all([desk, phone].map((device) => unread(device, 'Lock').waitFor()));
    await phone.talk('Lock').click();
    await phone.sees('are you there?');
    await unread(desk, 'Lock').waitFor({ state: 'detached' });
    await bob.talk('Dock').click();
    await bob.say('and here?');
    await unread(phone, 'Dock').waitFor();
    expect(await unread(desk, 'Lock').count()).toBe(0);
  });
});
