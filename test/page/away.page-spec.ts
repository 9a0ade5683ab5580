import type { WebSocketRoute } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Visitor } from './browser.js';
import { Stage } from './stage.js';

/** Somebody's connection, which can be cut. */
class Line {
  private isCut = false;
  private readonly sockets: WebSocketRoute[] = [];

  static async of({ page }: Visitor): Promise<Line> {
    const line = new Line();
    await page.routeWebSocket(/\/ws$/, (socket) => {
      if (line.isCut) return void socket.close();
      line.sockets.push(socket);
      socket.connectToServer();
    });
    await page.reload();
    return line;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) void socket.close();
  }

  mend(): void {
    this.isCut = false;
  }
}

describe('a room while the server is away', () => {
  const stage = Stage.set();

  const field = ({ page }: Visitor) => page.getByLabel('Message', { exact: true });
  /** What the list says, in its order: the part behind the sender and the time. */
  const said = async ({ messages }: Visitor): Promise<string[]> => {
    const labels = await messages
      .getByRole('listitem')
      .evaluateAll((rows: any[]) => rows.map((row) => row.ariaLabel as string));
    return labels.flatMap((label) => /, \d\d:\d\d, (.*)$/s.exec(label)?.[1] ?? []);
  };

  it('takes what is written, sends all of it once and in order, and loses nothing that was typed', async () => {
    const [ann, bob] = await Promise.all([stage.arrive(), stage.arrive()]);
    await Promise.all([ann.enterAsGuest('Ann'), bob.enterAsGuest('Bob')]);
    await ann.createRoom('Harbour');
    await bob.joinRoom('Harbour');
    const lines = Array.from({ length: 12 }, (_, at) => `line ${at}`);
    for (const line of lines.slice(0, 4)) await ann.say(line);
    await bob.sees('line 3');
    // Sent while the server goes: whether they arrived, nobody knows.
    const killed = stage.killServer();
    for (const line of lines.slice(4, 6)) await ann.say(line);
    await killed;
    for (const line of lines.slice(6, 8)) await ann.say(line);
    await ann.messages.getByRole('img', { name: 'Sending…' }).first().waitFor();
    await field(ann).fill('half a sent');
    await stage.restartServer();
    await bob.sees('line 7');
    expect(await field(ann).inputValue()).toBe('half a sent');

    await stage.killServer();
    await ann.say('line 8');
    await ann.messages.getByRole('img', { name: 'Sending…' }).first().waitFor();
    await field(ann).fill('half a sentence');
    await stage.restartServer();
    await ann.page.reload();
    await ann.heading('Harbour').waitFor();
    expect(await field(ann).inputValue()).toBe('half a sentence');
    await bob.sees('line 8');
    await field(ann).press('Enter');
    await bob.sees('half a sentence');
    await expect.poll(() => ann.messages.getByRole('img', { name: 'Sending…' }).count()).toBe(0);
    const all = [...lines.slice(0, 9), 'half a sentence'];
    await expect.poll(() => said(ann)).toEqual(all);
    await expect.poll(() => said(bob)).toEqual(all);
  });

  it('says why a message was refused, and keeps it until its author decides', async () => {
    const [cat, dan] = await Promise.all([stage.arrive(), stage.arrive()]);
    await Promise.all([cat.register('cat'), dan.enterAsGuest('Dan')]);
    await cat.createRoom('Pier');
    await dan.joinRoom('Pier');
    const line = await Line.of(dan);
    await dan.heading('Pier').waitFor();
    line.cut();
    await dan.say('too late');
    await dan.messages.getByRole('img', { name: 'Sending…' }).waitFor();
    await cat.chooseInRoom('Room settings');
    await cat.page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await cat.page.getByText('This room is archived.').waitFor();
    line.mend();
    await dan.page.getByText('Not sent: The room is archived.').waitFor();
    await dan.page.getByText('nobody writes here any more').waitFor();
    expect(await cat.messages.getByText('too late').count()).toBe(0);
    await dan.page.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => dan.messages.getByText('too late').count()).toBe(0);
  });
});
