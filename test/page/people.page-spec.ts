import { describe, expect, it } from 'vitest';
import type { Visitor } from './browser.js';
import { Stage } from './stage.js';

describe('people', () => {
  const stage = Stage.set();

  async function two(names: readonly [string, string]): Promise<[Visitor, Visitor]> {
    const [first, second] = await Promise.all([
      stage.arrive({ path: '/#/people' }),
      stage.arrive({ path: '/#/people' }),
    ]);
    await Promise.all([first.register(names[0]), second.register(names[1])]);
    await Promise.all([first, second].map(({ page }) => page.getByLabel('Find people by name').waitFor()));
    return [first, second];
  }

  const listed = ({ page }: Visitor, list: string, name: string) =>
    page.getByRole('list', { name: list }).getByRole('button', { name: new RegExp(`^${name}`) });

  async function ask({ page }: Visitor, name: string, note: string): Promise<void> {
    await page.getByLabel('Find people by name').fill(name);
    await page.getByRole('button', { name: `Add ${name} as a friend` }).click();
    await page.getByLabel('A few words').fill(note);
    await page.getByRole('button', { name: 'Send request' }).click();
    await page
      .getByRole('button', { name: `Withdraw the request to ${name}` })
      .first()
      .waitFor();
    await page.getByLabel('Find people by name').fill('');
  }

  it('become friends, see how the other is, and part again', async () => {
    const [ann, bob] = await two(['ann', 'bob']);
    await ask(ann, 'bob', 'We met in the garden');
    await bob.page.getByRole('link', { name: /1 friend request/ }).waitFor();
    await bob.page.getByText('We met in the garden').waitFor();
    await bob.page.getByRole('button', { name: 'Accept ann' }).click();
    await listed(bob, 'Friends', 'ann').waitFor();
    await listed(ann, 'Friends', 'bob').getByText('Online').waitFor();
    await bob.choose('Busy');
    await listed(ann, 'Friends', 'bob').getByText('Busy').waitFor();

    await listed(ann, 'Friends', 'bob').click();
    await ann.page.getByLabel('What I call this friend').fill('Bobby');
    await ann.page.getByRole('button', { name: 'Save' }).click();
    await listed(ann, 'Friends', 'Bobby').waitFor({ state: 'attached' });
    await ann.page.getByRole('button', { name: 'Remove friend' }).click();
    await ann.page
      .getByRole('dialog', { name: /^Remove/ })
      .getByRole('button', { name: 'Remove friend' })
      .click();
    await ann.page.getByText('No friends here yet').waitFor({ state: 'attached' });
    await bob.page.getByText('No friends here yet').waitFor();
    expect(await bob.page.getByText('Bobby').isVisible()).toBe(false);
  });

  it('decline and withdraw requests', async () => {
    const [cat, dan] = await two(['cat', 'dan']);
    await ask(cat, 'dan', 'Hello?');
    await dan.page.getByRole('button', { name: 'Decline cat' }).click();
    await dan.page.getByText('Want to be friends').waitFor({ state: 'hidden' });
    await cat.page.getByText('You have asked').waitFor({ state: 'hidden' });
    await ask(dan, 'cat', 'Now I do');
    await cat.page.getByText('Now I do').waitFor();
    await dan.page.getByRole('button', { name: 'Withdraw the request to cat' }).last().click();
    await cat.page.getByText('Now I do').waitFor({ state: 'hidden' });
    expect(await listed(cat, 'Friends', 'dan').isVisible()).toBe(false);
  });

  it('block and unblock each other', async () => {
    const [eva, fay] = await two(['eva', 'fay']);
    await eva.page.getByLabel('Find people by name').fill('fay');
    await listed(eva, 'Found', 'fay').click();
    await eva.page.getByRole('button', { name: 'Block' }).click();
    await eva.page.getByRole('dialog', { name: 'Block fay?' }).getByRole('button', { name: 'Block' }).click();
    await eva.page.getByRole('button', { name: 'Unblock', exact: true }).waitFor();
    await eva.page.keyboard.press('Escape');
    await fay.page.getByLabel('Find people by name').fill('eva');
    await fay.page.getByRole('button', { name: 'Add eva as a friend' }).click();
    await fay.page.getByRole('button', { name: 'Send request' }).click();
    await fay.page.getByRole('alert').getByText('One of you has blocked the other.').waitFor();
    await eva.page.getByRole('button', { name: 'Unblock fay' }).click();
    await eva.page.getByText('Blocked people').waitFor({ state: 'hidden' });
    await fay.page.getByRole('button', { name: 'Send request' }).click();
    await eva.page.getByRole('button', { name: 'Accept fay' }).first().waitFor();
    expect(await fay.page.getByText('One of you has blocked').isVisible()).toBe(false);
  });

  it('are found by Chinese names', async () => {
    const [gus] = await Promise.all([
      stage.arrive({ path: '/#/people' }),
      stage.arrive().then((mei) => mei.enterAsGuest('王小美')),
    ]);
    await gus.register('gus');
    await gus.page.getByLabel('Find people by name').fill('小美');
    await listed(gus, 'Found', '王小美').waitFor();
    expect(await gus.page.getByRole('list', { name: 'Found' }).getByRole('listitem').count()).toBe(1);
  });

  it.each(['light', 'dark'] as const)('are shown without barriers, %s', async (colorScheme) => {
    const name = `ida-${colorScheme}`;
    const [ida, joe] = await Promise.all([
      stage.arrive({ path: '/#/people', colorScheme }),
      stage.arrive({ path: '/#/people' }),
    ]);
    await Promise.all([ida.register(name), joe.register(`joe-${colorScheme}`)]);
    await ask(joe, name, 'Hello');
    await ida.page.getByRole('button', { name: /^Accept/ }).waitFor();
    expect(await ida.barriers()).toEqual([]);
    await ida.page.getByRole('button', { name: /^joe/ }).click();
    await ida.page.getByRole('button', { name: 'Write a message' }).waitFor();
    expect(await ida.barriers()).toEqual([]);
  });
});
