import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ParleyClient } from '../../sdk/client.js';
import { World } from '../support/world.js';

/** One for each run: both engines may run at once. */
const FOLDER = `test/realtime/.snippets/${process.pid}`;

/** The snippets as one program: each goes on where the one before stopped. */
function programOf(page: string, url: string): string {
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  const code = blocks
    .join('\n')
    .replaceAll('http://127.0.0.1:3000', url)
    .replaceAll("from './", "from '../../../../sdk/");
  const lines = code.split('\n');
  const isImport = (line: string) => line.startsWith('import ');
  return [...lines.filter(isImport), ...lines.filter((line) => !isImport(line)), 'export { client, room };'].join('\n');
}

/** What the compiler has against the program, by the rules of a page of the browser. */
function faultsOf(path: string): string[] {
  const program = ts.createProgram([path], {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.es2024.string.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    types: [],
  });
  const found = ts.getPreEmitDiagnostics(program);
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('sdk/README.md', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    mkdirSync(FOLDER, { recursive: true });
  });
  afterAll(async () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    rmSync(FOLDER, { recursive: true, force: true });
    await world.stop();
  });

  it('has snippets that compile, run, and do what they say', async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('WebSocket', WebSocket);
    vi.stubGlobal('localStorage', {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => kept.set(name, value),
      removeItem: (name: string) => kept.delete(name),
    });
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const path = resolve(FOLDER, 'readme.ts');
    writeFileSync(path, programOf(readFileSync('sdk/README.md', 'utf8'), world.app.url));
    expect(faultsOf(path)).toEqual([]);
    const { client, room } = (await import(path)) as { client: ParleyClient; room: { messages: { text: string }[] } };
    const { items } = await client.rest.messages(client.rooms.keys().next().value!);
    client.close();
    expect(items.flatMap(({ text }) => text ?? [])).toEqual([
      'Good morning!',
      'Who has watered the roses?',
      'Here is the list.',
      'Too late?',
    ]);
    expect(room.messages.length).toBeGreaterThan(0);
    const lines = printed.mock.calls.map((args) => args.join(' '));
    for (const line of ['online', 'Garden Good morning!', 'ROOM_ARCHIVED']) expect(lines).toContain(line);
    expect(lines).toContainEqual(expect.stringMatching(/^FORBIDDEN \d+ 1$/));
    expect(lines).toContainEqual(expect.stringMatching(/^(username|password) /));
  });
});
