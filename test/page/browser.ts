import { existsSync } from 'node:fs';
import { type Browser, type Page, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
];

/** Debian's Chromium, or the one that CHROMIUM names. Fails, and never skips, where there is none. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(`there is no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Somebody in front of the page, in a browser context of his own; what goes wrong there is gathered. */
export class Visitor {
  private constructor(
    readonly page: Page,
    /** Errors of scripts and of the content security policy. */
    readonly faults: string[],
  ) {}

  static async arrive(browser: Browser, url: string): Promise<Visitor> {
    const page = await (await browser.newContext()).newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      const isAway = /ERR_CONNECTION|WebSocket connection|net::/.test(message.text());
      if (message.type() === 'error' && !isAway) faults.push(message.text());
    });
    await page.goto(url);
    return new Visitor(page, faults);
  }

  async enterAsGuest(name: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByRole('button', { name: 'Enter as a guest' }).click();
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async register(username: string, password: string): Promise<void> {
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Register' }).click();
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async createRoom(name: string): Promise<void> {
    await this.page.getByLabel('Room name').fill(name);
    await this.page.getByRole('button', { name: 'Create room' }).click();
    await this.page.getByRole('heading', { name }).waitFor();
  }

  async joinRoom(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Look for rooms' }).click();
    await this.page.getByRole('button', { name: `Join ${name}` }).click();
    await this.page.getByRole('heading', { name }).waitFor();
  }

  async say(text: string): Promise<void> {
    await this.page.getByLabel('Message', { exact: true }).fill(text);
    await this.page.getByLabel('Message', { exact: true }).press('Enter');
  }

  /** Waits until the text is shown in a message. */
  async sees(text: string): Promise<void> {
    await this.page.getByRole('list', { name: 'Messages' }).getByText(text, { exact: true }).first().waitFor();
  }

  /** The texts of messages that people wrote, as shown, in order. */
  texts(): Promise<string[]> {
    return this.page.getByRole('list', { name: 'Messages' }).locator('.text').allTextContents();
  }
}
