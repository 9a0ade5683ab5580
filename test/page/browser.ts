import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, type Locator, type Page, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Debian's Chromium, or the one that CHROMIUM names. Fails, and never skips, where there is none. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(`there is no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A phone of the smallest kind that the page is made for. */
export const PHONE = { viewport: { width: 360, height: 640 } } as const;

/** Somebody in front of the page, in a browser context of his own; what goes wrong there is gathered. */
export class Visitor {
  private constructor(
    readonly page: Page,
    /** Errors of scripts and of the content security policy. */
    readonly faults: string[],
  ) {}

  static async arrive(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const page = await (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      // Refusals and a server that is away are shown to the reader; the browser writes them down as well.
      const isAway = /ERR_CONNECTION|WebSocket connection|net::|status of [45]\d\d/.test(message.text());
      if (message.type() === 'error' && !isAway) faults.push(message.text());
    });
    await page.goto(url);
    return new Visitor(page, faults);
  }

  /** His own place in the page: there once he is in. */
  get menu(): Locator {
    return this.page.getByRole('button', { name: /My menu|我的菜单/ });
  }

  async enterAsGuest(name: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByRole('button', { name: 'Enter as a guest' }).click();
    await this.menu.waitFor();
  }

  async register(username: string, password = 'a fine long password'): Promise<void> {
    await this.fillRegistration(username, password);
    await this.menu.waitFor();
  }

  async fillRegistration(username: string, password: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New here' }).click();
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
  }

  async signIn(username: string, password = 'a fine long password'): Promise<void> {
    await this.page.getByLabel('User name or e-mail').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Chooses a line of his own menu. */
  async choose(line: string): Promise<void> {
    await this.menu.click();
    await this.page.getByRole('menu').getByText(line, { exact: true }).click();
  }

  /** Signs out; a guest is asked whether he means it. */
  async signOut(): Promise<void> {
    await this.choose('Sign out');
    const sure = this.page.getByRole('dialog').getByRole('button', { name: 'Sign out' });
    await sure.or(this.door).first().waitFor();
    if (await sure.isVisible()) await sure.click();
    await this.door.waitFor();
  }

  get door(): Locator {
    return this.page.getByRole('button', { name: 'Sign in' });
  }

  async createRoom(name: string, { isPrivate = false } = {}): Promise<void> {
    await this.page.getByRole('button', { name: 'Begin something' }).click();
    await this.page.getByRole('menuitem', { name: 'New room' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Room name').fill(name);
    if (isPrivate) await dialog.getByLabel('Who may come in').selectOption('Only people who are invited');
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await this.heading(name).waitFor();
  }

  async joinRoom(name: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Find rooms' }).first().click();
    await this.page.getByRole('button', { name: `Join ${name}` }).click();
    await this.heading(name).waitFor();
  }

  /** The room's name at the top of what is open. */
  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** The room in the list of talks. */
  talk(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Talks' }).getByRole('link', { name: new RegExp(`^${name}`) });
  }

  /** Chooses a line of the open room's menu. */
  async chooseInRoom(line: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Room menu' }).click();
    await this.page.getByRole('menuitem', { name: line }).click();
  }

  async say(text: string): Promise<void> {
    await this.page.getByLabel('Message', { exact: true }).fill(text);
    await this.page.getByLabel('Message', { exact: true }).press('Enter');
  }

  get messages(): Locator {
    return this.page.getByLabel('Messages', { exact: true });
  }

  /** Waits until the text is shown in a message. */
  async sees(text: string): Promise<void> {
    await this.messages.getByText(text, { exact: true }).first().waitFor();
  }

  /** What axe finds on what is shown, of those faults that keep somebody from using it. */
  async barriers(): Promise<string[]> {
    // As text: it runs in the browser, whose types this project's tests do not have.
    await this.page.evaluate(AXE);
    return this.page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
  }

  /** Whether something is wider than the window. */
  isTooWide(): Promise<boolean> {
    return this.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  }
}
