import 'reflect-metadata';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../src/common/error-catalogue.js';
import { variableNames } from '../../src/config/env.js';
import '../../src/config/load-config.js';
import { CLOSE_CODES } from '../../src/protocol/close-codes.js';
import { COMMAND_ACKS } from '../../src/protocol/commands.js';
import { ERROR_CODES } from '../../src/protocol/errors.js';
import { DURABLE_EVENTS, EPHEMERAL_EVENTS, PRIVATE_EVENTS } from '../../src/protocol/events.js';

const read = (path: string): string => readFileSync(path, 'utf8');

const pages = ['.', 'docs', 'docs/adr', 'sdk', 'conformance'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** What a page does not name at all. */
const unnamed = (page: string, names: readonly string[]): string[] => {
  const text = read(page);
  return names.filter((name) => !new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}(?!\\.?\\w)`).test(text));
};

describe('docs/errors.md', () => {
  it('has one row for each error code, as the catalogue has it', () => {
    const rows = read('docs/errors.md').matchAll(/^\| <a id="(\w+)"><\/a>`\1` \| (\d+) \| (.+) \| (yes|no) \|$/gm);
    const told = Object.fromEntries(
      [...rows].map(([, code, status, title, again]) => [
        code,
        { status: Number(status), title, retryable: again === 'yes' },
      ]),
    );
    expect(told).toEqual(ERROR_CATALOGUE);
    expect(Object.keys(told).sort()).toEqual([...ERROR_CODES].sort());
  });
});

describe('docs/protocol.md', () => {
  it('names every command', () => {
    expect(unnamed('docs/protocol.md', Object.keys(COMMAND_ACKS))).toEqual([]);
  });

  it('names every event', () => {
    const events = { ...DURABLE_EVENTS, ...PRIVATE_EVENTS, ...EPHEMERAL_EVENTS, skip: null };
    expect(unnamed('docs/protocol.md', Object.keys(events))).toEqual([]);
  });

  it('would be found to leave out a name', () => {
    expect(unnamed('docs/protocol.md', ['message.sen', 'message.sent', 'send', '400'])).toEqual([
      'message.sen',
      'message.sent',
      'send',
      '400',
    ]);
  });

  it('names every close code', () => {
    expect(unnamed('docs/protocol.md', Object.values(CLOSE_CODES).map(String))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  it('names every variable, the limits by their pattern', () => {
    const names = variableNames().filter((name) => !name.startsWith('LIMIT_'));
    expect(names.length).toBeGreaterThan(15);
    expect(unnamed('docs/operations.md', names)).toEqual([]);
  });
});

describe('every page', () => {
  it('links only to what is there', () => {
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
        .filter(([, target]) => !existsSync(join(dirname(page), target)))
        .map(([, target]) => `${page}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm run ([\w:]+)/g)]
        .filter(([, name]) => !(name in scripts))
        .map(([, name]) => `${page}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
