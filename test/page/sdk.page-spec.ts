import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/engine.js';
import { ServerProcess, serverEnv } from '../support/server.js';
import { launch } from './browser.js';

/** What the browser runs: these names stand on its `window`. */
const ENTRY = `
  import { ParleyClient } from '/sdk/client.ts';
  import { indexedDbOutbox } from '/sdk/indexed-db-outbox.ts';
  Object.assign(window, { ParleyClient, indexedDbOutbox });
`;

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id: string) => (id === 'entry' ? id : id.startsWith('/sdk/') ? process.cwd() + id : null),
        load: (id: string) => (id === 'entry' ? ENTRY : null),
      },
    ],
    build: { write: false, modulePreload: false, target: 'es2022', rollupOptions: { input: 'entry' } },
  });
  return (result as { output: { code: string }[] }).output[0].code;
}

describe('the SDK in a browser', () => {
  let browser: Browser;
  let server: ServerProcess;
  let database: TestDatabase;
  let url: string;
  let code: string;

  beforeAll(async () => {
    browser = await launch();
    code = await bundle();
    const made = await serverEnv();
    database = made.database;
    server = ServerProcess.spawn(made.env);
    url = await server.address();
  });
  afterAll(async () => {
    await browser.close();
    await server.end();
    await database.drop();
  });

  /** A page of the server's origin that has nothing but the SDK. */
  async function blank(page?: Page): Promise<Page> {
    const one = page ?? (await (await browser.newContext({ bypassCSP: true })).newPage());
    await one.goto(`${url}/livez`);
    await one.addScriptTag({ content: code, type: 'module' });
    await one.waitForFunction('window.ParleyClient');
    return one;
  }

  it('keeps messages in IndexedDB over a reload, by user, until they are removed', async () => {
    const page = await blank();
    const message = (id: string, userId: string) => ({ id, userId, roomId: 'r', draft: { text: id }, at: 1 });
    const given = JSON.stringify([message('1', 'ann'), message('2', 'ann'), message('3', 'bob')]);
    await page.evaluate(`(async () => {
      const outbox = indexedDbOutbox();
      for (const one of ${given}) await outbox.put(one);
      await outbox.put({ ...${given}[1], refusal: { code: 'MUTED', message: 'No.' } });
    })()`);
    await blank(page);
    const load = (user: string) => page.evaluate(`indexedDbOutbox().load('${user}')`);
    expect(await load('ann')).toEqual([
      message('1', 'ann'),
      { ...message('2', 'ann'), refusal: { code: 'MUTED', message: 'No.' } },
    ]);
    await page.evaluate(`indexedDbOutbox().remove('1')`);
    await page.evaluate(`indexedDbOutbox().clear('bob')`);
    expect([await load('ann'), await load('bob')]).toMatchObject([[{ id: '2' }], []]);
    await page.evaluate(`indexedDbOutbox().clear(null)`);
    expect(await load('ann')).toEqual([]);
  });

  it('sends what a closed page left behind, once', async () => {
    const page = await blank();
    const left = (await page.evaluate(`(async () => {
      const login = { load: () => localStorage.getItem('t'), save: (t) => t === null ? localStorage.clear() : localStorage.setItem('t', t) };
      Object.assign(window, { login });
      const client = new ParleyClient({ url: location.origin, login, outbox: indexedDbOutbox() });
      await client.rest.guest('Ann');
      await client.connect();
      const room = await client.rest.createRoom({ name: 'Garden', visibility: 'private' });
      await client.send(room.id, 'first').acked;
      // Nothing goes out any more, as behind a dead network.
      WebSocket.prototype.send = () => undefined;
      const { id } = client.send(room.id, 'second');
      for (let kept = []; kept.length === 0;) kept = await indexedDbOutbox().load(client.user.id);
      return { roomId: room.id, id, userId: client.user.id };
    })()`)) as { roomId: string; id: string; userId: string };
    await blank(page);
    const texts = await page.evaluate(`(async () => {
      const login = { load: () => localStorage.getItem('t'), save: (t) => t === null ? localStorage.clear() : localStorage.setItem('t', t) };
      const client = new ParleyClient({ url: location.origin, login, outbox: indexedDbOutbox() });
      const came = new Promise((done) => client.on('message', ({ message }) => message.id === '${left.id}' && done()));
      await client.connect();
      await came;
      for (let kept = [1]; kept.length > 0;) kept = await indexedDbOutbox().load('${left.userId}');
      return (await client.rest.messages('${left.roomId}')).items.flatMap(({ text }) => text ?? []);
    })()`);
    expect(texts).toEqual(['first', 'second']);
  });

  it('tells how much of a file is out, and gives an upload up', async () => {
    const page = await blank();
    const result = (await page.evaluate(`(async () => {
      const client = new ParleyClient({ url: location.origin });
      await client.rest.guest('Ann');
      const file = new File([new Uint8Array(3_000_000)], 'zeros.bin');
      const told = [];
      const view = await client.rest.attachments.upload(file, { onProgress: (sent, total) => told.push([sent, total]) });
      const giveUp = new AbortController();
      const given = client.rest.attachments.upload(file, { onProgress: () => giveUp.abort(), signal: giveUp.signal });
      const code = await given.then(() => 'stored', (error) => error.code);
      const link = await fetch(client.rest.attachments.url(view));
      return { view, told, code, bytes: (await link.blob()).size };
    })()`)) as { view: object; told: [number, number][]; code: string; bytes: number };
    expect(result.view).toMatchObject({ name: 'zeros.bin', bytes: 3_000_000 });
    expect(result.told.length).toBeGreaterThan(1);
    expect(result.told.at(-1)).toEqual([3_000_000, 3_000_000]);
    expect([result.code, result.bytes]).toEqual(['OFFLINE', 3_000_000]);
  });
});
