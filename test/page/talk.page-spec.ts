import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/engine.js';
import { ServerProcess, serverEnv } from '../support/server.js';
import { Visitor, launch } from './browser.js';

describe('the page', () => {
  let browser: Browser;
  let server: ServerProcess;
  let env: Record<string, string>;
  let database: TestDatabase;
  let url: string;

  beforeAll(async () => {
    browser = await launch();
    ({ env, database } = await serverEnv());
    server = ServerProcess.spawn(env);
    url = await server.address();
    // The same port after a restart: the pages come back to it.
    env.PORT = new URL(url).port;
  });
  afterAll(async () => {
    await browser.close();
    await server.end();
    await database.drop();
  });

  it('carries messages between two browsers, and both show every one once after the server was killed', async () => {
    const [ann, bob] = await Promise.all([Visitor.arrive(browser, url), Visitor.arrive(browser, url)]);
    await Promise.all([ann.register('ann', 'a fine long password'), bob.enterAsGuest('Bob the Guest')]);
    await ann.createRoom('Garden');
    await bob.joinRoom('Garden');
    await ann.page.getByText('Bob the Guest joined').waitFor();
    const people = ann.page.getByRole('list', { name: /In this room/ });
    await people.getByText('Bob the Guest').waitFor();
    const said: string[] = [];
    const talk = async (who: Visitor, listener: Visitor, text: string) => {
      said.push(text);
      await who.say(text);
      await listener.sees(text);
    };
    await talk(ann, bob, 'hello <b>Bob</b> & <img src=x onerror=alert(1)>');
    await talk(bob, ann, '你好, Ann 🙂');
    for (let i = 0; i < 10; i++) await talk(i % 2 ? ann : bob, i % 2 ? bob : ann, `line ${i}`);

    server.signal('SIGKILL');
    await server.exit();
    await ann.page.getByRole('status').getByText('Connection lost').waitFor();
    // Written while nobody is there: it goes out when the server is back.
    said.push('written in the dark');
    await ann.say('written in the dark');
    server = ServerProcess.spawn(env);
    await server.address();
    await bob.sees('written in the dark');
    await talk(bob, ann, 'and we are back');
    await Promise.all([ann, bob].map((who) => who.page.getByText('Sending…').waitFor({ state: 'detached' })));
    expect(await ann.texts()).toEqual(said);
    expect(await bob.texts()).toEqual(said);
    expect([...ann.faults, ...bob.faults]).toEqual([]);

    await bob.page.reload();
    await bob.page.getByRole('button', { name: /^Garden/ }).click();
    await bob.sees('and we are back');
    expect(await bob.texts()).toEqual(said);
  });

  it('shows who leaves, counts what is unread, and ends with signing out', async () => {
    const [cat, dan] = await Promise.all([Visitor.arrive(browser, url), Visitor.arrive(browser, url)]);
    await Promise.all([cat.enterAsGuest('Cat'), dan.enterAsGuest('Dan')]);
    await cat.createRoom('Kitchen');
    await dan.joinRoom('Kitchen');
    await cat.createRoom('Cellar');
    await dan.say('where are you?');
    await cat.page.getByTitle('1 unread').waitFor();
    await cat.page.getByRole('button', { name: /^Kitchen/ }).click();
    await cat.sees('where are you?');
    await cat.page.getByTitle('1 unread').waitFor({ state: 'hidden' });
    await dan.page.getByRole('button', { name: 'Leave' }).click();
    await dan.page.getByRole('heading', { name: 'No room open' }).waitFor();
    await cat.page.getByText('Dan left').waitFor();
    await dan.page.getByRole('button', { name: 'Sign out' }).click();
    await dan.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await dan.page.reload();
    await dan.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect([...cat.faults, ...dan.faults]).toEqual([]);
  });

  it('fits a small screen, and loads older messages when they are asked for', async () => {
    const fay = await Visitor.arrive(browser, url);
    await fay.page.setViewportSize({ width: 360, height: 640 });
    await fay.enterAsGuest('Fay');
    await fay.createRoom('Attic');
    for (let i = 1; i <= 70; i++) await fay.say(`box ${i} ${'of old letters '.repeat(i % 7)}${'x'.repeat(i)}`);
    await fay.page.getByText(/^box 70 /).waitFor();
    await fay.page.getByText('Sending…').first().waitFor({ state: 'detached' });
    const said = await fay.texts();
    expect(said).toHaveLength(70);
    // As text: it runs in the browser, whose types this project's tests do not have.
    const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await fay.page.evaluate(isTooWide)).toBe(false);
    await fay.page.reload();
    await fay.page.getByRole('button', { name: /^Attic/ }).click();
    await fay.page.getByText(/^box 70 /).waitFor();
    expect(await fay.texts()).toEqual(said.slice(-50));
    await fay.page.getByRole('button', { name: 'Older messages' }).click();
    await fay.page.getByText('Fay joined').waitFor();
    expect(await fay.texts()).toEqual(said);
    await fay.page.getByRole('button', { name: 'Older messages' }).waitFor({ state: 'hidden' });
    await fay.page.getByRole('button', { name: 'Rooms', exact: true }).click();
    expect(await fay.page.evaluate(isTooWide)).toBe(false);
    expect(fay.faults).toEqual([]);
  });

  it('shows a room that was opened while the server was away, as soon as it is back', async () => {
    const gus = await Visitor.arrive(browser, url);
    await gus.enterAsGuest('Gus');
    await gus.createRoom('Shed');
    await gus.say('a rake');
    await gus.page.getByText('Sending…').waitFor({ state: 'detached' });
    await gus.page.reload();
    await gus.page.getByRole('button', { name: /^Shed/ }).waitFor();
    server.signal('SIGKILL');
    await server.exit();
    await gus.page.getByRole('status').getByText('Connection lost').waitFor();
    await gus.page.getByRole('button', { name: /^Shed/ }).click();
    server = ServerProcess.spawn(env);
    await server.address();
    await gus.sees('a rake');
    await gus.page
      .getByRole('list', { name: /In this room/ })
      .getByText('Gus')
      .waitFor();
    expect(gus.faults).toEqual([]);
  });

  it('follows a sign-out of another tab', async () => {
    const hal = await Visitor.arrive(browser, url);
    await hal.enterAsGuest('Hal');
    const other = await hal.page.context().newPage();
    await other.goto(url);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await hal.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(hal.faults).toEqual([]);
  });

  it('says why somebody cannot come in', async () => {
    const eve = await Visitor.arrive(browser, url);
    await eve.page.getByLabel('User name').fill('eve');
    await eve.page.getByLabel('Password').fill('password');
    await eve.page.getByRole('button', { name: 'Register' }).click();
    await eve.page.getByRole('alert').getByText('is one of the passwords that everybody tries').waitFor();
    await eve.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await eve.page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor();
    expect(await eve.page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(false);
  });

  it('shows the API documents without breaking its policy', async () => {
    const reader = await Visitor.arrive(browser, `${url}/api/docs`);
    await reader.page.getByText('/api/v1/auth/register').first().waitFor();
    expect(reader.faults).toEqual([]);
  });
});
