// `npm run pictures`: fills a server as `npm run demo` does and takes the README's pictures of its page, as Mei sees it.
// Chromium and fonts: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji, or CHROMIUM=/path.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { PASSWORD } from './demo/cast.mjs';

const { values } = parseArgs({ options: { to: { type: 'string', default: 'docs/pictures' } } });
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };
const WORDS = {
  'en-GB': { username: 'User name or e-mail', password: 'Password', signIn: 'Sign in', people: 'People' },
  'zh-CN': { username: '用户名或邮箱', password: '密码', signIn: '登录', people: '联系人' },
};

/** What is taken: how large, in which language and light, and what is open. */
const PICTURES = [
  { name: 'door', viewport: WIDE, locale: 'en-GB', colorScheme: 'light', open: null },
  { name: 'talk', viewport: WIDE, locale: 'en-GB', colorScheme: 'light', open: 'Garden 花园' },
  { name: 'talk-dark-zh', viewport: WIDE, locale: 'zh-CN', colorScheme: 'dark', open: '读书会' },
  { name: 'phone', viewport: PHONE, locale: 'zh-CN', colorScheme: 'light', open: 'Garden 花园' },
  { name: 'phone-list-dark', viewport: PHONE, locale: 'en-GB', colorScheme: 'dark', open: 'list' },
];

const folder = mkdtempSync(join(tmpdir(), 'parley-pictures-'));
const demo = spawn(process.execPath, ['scripts/demo/main.mjs', '--port', '0', '--data', folder], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await filled();
  mkdirSync(values.to, { recursive: true });
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  for (const picture of PICTURES) await take(browser, url, picture);
  await browser.close();
} finally {
  demo.kill();
  rmSync(folder, { recursive: true, force: true });
}

function filled() {
  return new Promise((resolve, reject) => {
    demo.stdout.on('data', (chunk) => {
      const found = /filled: (http:\S+)/.exec(chunk.toString());
      if (found) resolve(found[1]);
    });
    demo.once('exit', () => reject(new Error('the demo has ended')));
  });
}

async function take(browser, url, { name, open, locale, viewport, colorScheme }) {
  const context = await browser.newContext({ viewport, locale, colorScheme, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.goto(url);
  if (open) await enter(page, WORDS[locale], open);
  await page.waitForLoadState('networkidle');
  // The others are shown as here a moment after the list.
  await page.waitForTimeout(1500);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(values.to, `${name}.png`) });
  process.stdout.write(`${name}.png\n`);
  await context.close();
}

async function enter(page, words, open) {
  await page.getByLabel(words.username).fill('mei');
  await page.getByLabel(words.password).fill(PASSWORD);
  await page.getByRole('button', { name: words.signIn }).click();
  await page
    .getByRole('link', { name: /Garden/ })
    .first()
    .waitFor();
  if (open !== 'list')
    await page
      .getByRole('link', { name: new RegExp(open) })
      .first()
      .click();
}
