import { describe, expect, it } from 'vitest';
import { PHONE } from './browser.js';
import { Stage } from './stage.js';

/** What has broken pages of others. */
const TEXTS = {
  html: '<b>bold</b> & <img src=x onerror="document.title=1"> </script><script>alert(1)</script>',
  long: 'lorem ipsum '.repeat(1334).slice(0, 16_000),
  rightToLeft: 'مرحبا \u202e gpj.exe \u2066 שלום, then English',
  unbroken: 'x'.repeat(3000),
  emoji: '👨‍👩‍👧‍👦🏳️‍🌈'.repeat(500),
  marks: `Z${'\u0301\u0323\u0489'.repeat(400)}algo`,
  lines: '\n'.repeat(500) + 'below',
  code: '```\n' + 'const wide = 1; '.repeat(200) + '\n```',
} as const;

describe('texts of all kinds', () => {
  const stage = Stage.set();

  it.each([['a wide page', {}] as const, ['a phone', PHONE] as const])(
    'are shown safely, and nothing is wider than %s',
    async (_, window) => {
      const [ann, bob] = await Promise.all([stage.arrive(window), stage.arrive(window)]);
      await Promise.all([ann.enterAsGuest('Ann'), bob.enterAsGuest('Bob')]);
      const room = `Attic ${Object.keys(window).length}`;
      await ann.createRoom(room);
      await bob.joinRoom(room);
      for (const text of Object.values(TEXTS)) await ann.say(text);
      await ann.say('the end');
      await bob.sees('the end');
      for (const visitor of [ann, bob]) {
        expect(await visitor.isTooWide()).toBe(false);
        const isCut = ({ parentElement }: any): boolean => parentElement.scrollWidth > parentElement.clientWidth;
        expect(await visitor.messages.evaluate(isCut)).toBe(false);
        expect(await visitor.page.title()).not.toBe('1');
      }
      await bob.messages.getByText(TEXTS.code.slice(4, 40)).waitFor({ state: 'attached' });
      await bob.messages.evaluate((list: any) => void (list.parentElement.scrollTop = 0));
      await bob.messages.getByText(TEXTS.html, { exact: true }).waitFor();
      expect(await bob.messages.locator('b, img[src=x], script').count()).toBe(0);
      const folded = bob.messages.getByRole('listitem').filter({ hasText: 'lorem ipsum' });
      await folded.getByRole('button', { name: 'Show more' }).click();
      await expect.poll(async () => (await folded.innerText()).length).toBeGreaterThan(15_500);
      expect(await bob.isTooWide()).toBe(false);
    },
  );
});
