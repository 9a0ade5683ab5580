import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.js';
import { CORRECTED, LIMIT_TESTS } from './defaults.js';
import { COMMAND_KINDS, FIELD_KINDS, FRAME_KINDS, HTTP_KINDS, REQUEST_KINDS } from './kinds.js';
import { PAGE, badInputPage, splitRef } from './page.js';
import { FRAMES } from './raw-frames.js';
import { WHOLE } from './raw-http.js';

/** Tests that are made from a list have the names of its entries. */
const LISTED: Record<string, object> = {
  'test/input/rest-input.e2e-spec.ts': { ...FIELD_KINDS, ...REQUEST_KINDS },
  'test/input/command-input.e2e-spec.ts': { ...FIELD_KINDS, ...COMMAND_KINDS },
  'test/input/raw-http.e2e-spec.ts': WHOLE,
  'test/input/raw-frames.e2e-spec.ts': FRAMES,
};

/** Whether there is a test of that name, or one that begins with the name of a case. */
function isThere(ref: string): boolean {
  const [file, name] = splitRef(ref);
  if (!existsSync(file)) return false;
  const titles = [...readFileSync(file, 'utf8').matchAll(/\bit(?:\.each\([^]*?\))?\(\s*'((?:[^'\\]|\\.)+)'/g)];
  const isTitle = titles.some(([, title]) => title === name || title.split(':')[0].split(', ').includes(name));
  return isTitle || name in (LISTED[file] ?? {}) || readFileSync(file, 'utf8').includes(`)('${name}'`);
}

describe('docs/bad-input.md', () => {
  it('is what the lists of the tests give', async () => {
    await expect(await badInputPage()).toMatchFileSnapshot(`../../${PAGE}`);
  });

  it('names only tests that there are', () => {
    const refs = [...CORRECTED.flatMap(({ tests }) => tests), ...Object.values(LIMIT_TESTS)];
    expect(refs.filter((ref) => !isThere(ref))).toEqual([]);
    expect(isThere('test/input/page.spec.ts: is nothing of the kind')).toBe(false);
  });

  it('names no case of bytes that is not sent', () => {
    const sent = (file: string) => (name: string) => isThere(`test/input/${file}: ${name}`);
    expect(Object.keys(HTTP_KINDS).filter((name) => !sent('raw-http.e2e-spec.ts')(name))).toEqual([]);
    expect(Object.keys(FRAME_KINDS).filter((name) => !sent('raw-frames.e2e-spec.ts')(name))).toEqual([]);
  });

  it('names a test for each limit', () => {
    expect(Object.keys(LIMIT_TESTS).sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
  });
});
