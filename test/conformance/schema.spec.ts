import { Ajv } from 'ajv';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BROKEN } from '../../conformance/adapters/broken.js';
import { loadVectors, readVector } from '../../conformance/runner/vector.js';
import { CLOSE_CODES } from '../../src/protocol/close-codes.js';

const FOLDER = 'conformance/vectors';
const files = readdirSync(FOLDER);
const isVector = new Ajv({ allowUnionTypes: true }).compile(
  JSON.parse(readFileSync('conformance/vector.schema.json', 'utf8')) as object,
);

describe('the vectors', () => {
  it.each(files)('%s is as the schema says, and named as its file', (file) => {
    const vector = readVector(`${FOLDER}/${file}`);
    isVector(vector);
    expect(isVector.errors).toBe(null);
    expect(`${vector.name}.json`).toBe(file);
  });

  it('would be found to have a step that nobody knows', () => {
    const vector = readVector(`${FOLDER}/gap.json`);
    expect(isVector({ ...vector, steps: [...vector.steps, { wait: 100 }] })).toBe(false);
    expect(isVector({ ...vector, steps: [...vector.steps, { state: { room: {} } }] })).toBe(false);
  });

  it('have each close code', () => {
    const names = loadVectors(FOLDER).map(({ name }) => name);
    const missing = Object.values(CLOSE_CODES).filter((code) => !names.some((name) => name.endsWith(`/${code}`)));
    expect(missing).toEqual([]);
  });

  it('are in the README, each with its reason', () => {
    const readme = readFileSync('conformance/README.md', 'utf8');
    const rows = files.map((file) => readVector(`${FOLDER}/${file}`)).map(({ name, title, why }) => [name, title, why]);
    const told = [...readme.matchAll(/^\| \[([a-z-]+)\]\(vectors\/\1\.json\) +\| (.+?) +\| (.+?) +\|$/gm)];
    expect(told.map(([, ...row]) => row)).toEqual(rows);
  });

  it('each find a client that is broken, but for what all the others build on', () => {
    const found = new Set(BROKEN.flatMap(({ fails }) => fails).map((name) => name.replace(/\/.*/, '')));
    const others = files.map((file) => file.replace('.json', '')).filter((name) => !found.has(name));
    expect(others).toEqual(['order']);
  });
});
