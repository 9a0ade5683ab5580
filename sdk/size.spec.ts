import { gzipSync } from 'node:zlib';
import { type Rollup, build } from 'vite';
import { describe, expect, it } from 'vitest';

const KIB = 1024;

/** A correct client: it signs in, stays connected, and sends. */
const APP = `
import { ParleyClient } from '/sdk/client.ts';
const client = new ParleyClient({ url: location.origin });
client.on('message', ({ room, message }) => {
  document.body.append(room.view?.name ?? '', ': ', message.text ?? '', document.createElement('br'));
});
client.on('connection', ({ state }) => (document.title = state));
await client.rest.guest();
await client.connect();
const { id } = await client.rest.createRoom({ name: 'Garden', visibility: 'public' });
client.send(id, 'Good morning!');
`;

/** Minified as a page would be. `without` stays outside. */
async function bundle(code: string, without?: RegExp): Promise<Rollup.OutputChunk> {
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : id.startsWith('/sdk/') ? process.cwd() + id : null),
    load: (id: string) => (id === 'entry' ? code : null),
  };
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [entry],
    build: {
      write: false,
      modulePreload: false,
      target: 'es2022',
      rollupOptions: {
        input: 'entry',
        preserveEntrySignatures: 'strict',
        external: (id) => without?.test(id) ?? false,
      },
    },
  });
  return (result as Rollup.RollupOutput).output[0];
}

/** Imports of what stays outside are no part of it. */
const sizeOf = ({ code }: Rollup.OutputChunk): number =>
  gzipSync(code.replaceAll(/import\{[^}]*\}from"[^"]*";/g, ''), { level: 9 }).length;
const filesOf = ({ modules }: Rollup.OutputChunk): string =>
  Object.keys(modules)
    .map((path) => path.split('/').slice(-2).join('/'))
    .join(' ');

describe('the size of the SDK, gzipped', () => {
  it('is at most 12 KiB without the REST calls: connection, copies, outbox, people, tokens', async () => {
    const realtime = await bundle(`export { ParleyClient } from '/sdk/client.ts'`, /\/rest(-\w+)?\.js$/);
    expect(filesOf(realtime)).toMatch(/sdk\/link\.ts.*sdk\/outbox\.ts/);
    expect(filesOf(realtime)).not.toMatch(/sdk\/rest|protocol\/(views|schema|commands)\.ts|indexed-db/);
    console.log(sizeOf(realtime));
    expect(sizeOf(realtime)).toBeLessThanOrEqual(12 * KIB);
  });

  it('is at most 15 KiB for an app of ten lines, with every REST call', async () => {
    expect(APP.trim().split('\n').length).toBeLessThanOrEqual(11);
    const app = await bundle(APP);
    expect(filesOf(app)).toMatch(/sdk\/rest\.ts/);
    expect(filesOf(app)).not.toMatch(/protocol\/(views|schema|commands)\.ts|indexed-db/);
    console.log(sizeOf(app));
    expect(sizeOf(app)).toBeLessThanOrEqual(15 * KIB);
  });
});
