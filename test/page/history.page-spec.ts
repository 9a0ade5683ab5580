import { describe, expect, it } from 'vitest';
import type { SocketClass } from '../../sdk/socket.js';
import { ParleyClient } from '../../sdk/client.js';
import { WebSocket } from 'ws';
import { newUlid } from '../support/world.js';
import type { Visitor } from './browser.js';
import { Stage } from './stage.js';

const COUNT = 10_000;

/** Goes up to the beginning as a reader does, and watches in each frame whether what is visible keeps its place. */
async function goUp(list: any): Promise<{ jumps: number[]; most: number }> {
  const viewport = list.parentElement;
  const window = list.ownerDocument.defaultView;
  const frame = () => new Promise((done) => window.requestAnimationFrame(done));
  const edge = viewport.getBoundingClientRect().top;
  const firstRow = () => [...list.children].find((row) => row.getBoundingClientRect().bottom > edge + 1);
  const jumps: number[] = [];
  let most = 0;
  for (let step = 0; step < 20_000; step++) {
    viewport.scrollTop -= 2000;
    await frame();
    await frame();
    const row = firstRow();
    const top = row.getBoundingClientRect().top;
    await frame();
    const moved = row.isConnected ? row.getBoundingClientRect().top - top : Number.NaN;
    if (!(Math.abs(moved) < 2)) jumps.push(moved);
    most = Math.max(most, list.children.length);
    if (viewport.scrollTop === 0 && list.textContent.includes('message 1 ')) break;
  }
  return { jumps, most };
}

/** Goes down to the newest message and gathers the numbers of those that come by. */
async function goDown(list: any): Promise<number[]> {
  const viewport = list.parentElement;
  const window = list.ownerDocument.defaultView;
  const frame = () => new Promise((done) => window.requestAnimationFrame(done));
  const numbers = new Set<number>();
  for (let step = 0; step < 3000 && !numbers.has(900); step++) {
    for (const [, number] of list.textContent.matchAll(/message (\d+) /g)) numbers.add(Number(number));
    viewport.scrollTop += 500;
    await frame();
    await frame();
  }
  return [...numbers];
}

describe('a long history', () => {
  const stage = Stage.set();

  /** A room full of messages of another one. */
  async function fill(visitor: Visitor, room: string, count: number): Promise<void> {
    const address = visitor.page.url();
    // He is not there while it is said.
    await visitor.page.goto('about:blank');
    const talker = new ParleyClient({ url: stage.url, webSocket: WebSocket as unknown as SocketClass });
    await talker.rest.guest('Talker');
    const found = (await talker.rest.publicRooms(room)).items.find(({ name }) => name === room);
    await talker.rest.join(found!.id);
    for (let from = 1; from <= count; from += 100) {
      const numbers = Array.from({ length: Math.min(100, count - from + 1) }, (_, at) => from + at);
      const texts = numbers.map((number) => `message ${number} ${'and so on '.repeat(number % 13)}`);
      await Promise.all(texts.map((text) => talker.rest.sendMessage(found!.id, { id: newUlid(), text })));
    }
    await visitor.page.goto(address);
    await visitor.heading(room).waitFor();
  }

  it('of 10,000 messages scrolls up without a jump, with few rows in the document', async () => {
    const ann = await stage.arrive();
    await ann.enterAsGuest('Ann');
    await ann.createRoom('Archive');
    await fill(ann, 'Archive', COUNT);
    await ann.messages.getByText(/^message 10000 /).waitFor();
    const { jumps, most } = await ann.messages.evaluate(goUp);
    expect(jumps).toEqual([]);
    expect(most).toBeLessThan(200);
    await ann.messages
      .getByText(/^message \d+ $/)
      .first()
      .waitFor({ state: 'attached' });

    await ann.page.getByRole('button', { name: /new message|newest message/ }).click();
    await expect.poll(() => ann.messages.getByText(/^message 10000 /).isVisible()).toBe(true);
    await ann.say('and one more');
    await ann.sees('and one more');
  }, 240_000);

  it('is gone through from its first new message, and from a day', async () => {
    const bob = await stage.arrive();
    await bob.enterAsGuest('Bob');
    await bob.createRoom('Ledger');
    await bob.say('before all');
    await bob.sees('before all');
    await fill(bob, 'Ledger', 900);
    await bob.page.getByRole('button', { name: 'To the first new message' }).click();
    await expect
      .poll(() =>
        bob.messages
          .getByText(/^message \d+ /)
          .first()
          .isVisible(),
      )
      .toBe(true);
    await bob.messages.getByText('New', { exact: true }).waitFor();
    expect(await bob.messages.getByText('before all').isVisible()).toBe(true);
    await bob.page.getByRole('button', { name: /new messages|Back to now/ }).click();
    await expect.poll(() => bob.messages.getByText(/^message 900 /).isVisible()).toBe(true);
    await bob.chooseInRoom('Go to a day…');
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Go there' }).click();
    await expect.poll(() => bob.messages.getByText('before all').isVisible()).toBe(true);
    expect(await bob.messages.evaluate(goDown)).toEqual(Array.from({ length: 900 }, (_, at) => at + 1));
    await expect.poll(() => bob.page.getByRole('button', { name: 'Back to now' }).count()).toBe(0);
    await bob.say('after all');
    await bob.sees('after all');
  });
});
