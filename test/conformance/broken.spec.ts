import { describe, expect, it } from 'vitest';
import { BROKEN } from '../../conformance/adapters/broken.js';
import { runAll, runVector } from '../../conformance/runner/run-vector.js';
import { loadVectors } from '../../conformance/runner/vector.js';
import { inProcess } from './in-process.js';

const vectors = loadVectors('conformance/vectors');
const fileOf = (name: string): string => name.replace(/\/.*/, '');

/**
 * Where a vector has to fail, its patience is what the test costs; where it has to pass, a slow machine must not make it
 * fail.
 */
const patienceFor = (fails: readonly string[], name: string) => ({
  stepMs: fails.includes(fileOf(name)) ? 700 : 20_000,
  quietMs: 150,
});

describe('the conformance kit finds what is wrong with a client that', () => {
  it.concurrent.each(BROKEN)('$name, and nothing else', async ({ Client, fails }) => {
    const source = inProcess(() => new Client());
    const run = (vector: (typeof vectors)[number]) => runVector(vector, source, patienceFor(fails, vector.name));
    const results = await runAll(vectors, run, 16);
    const failed = results.filter(({ fault }) => fault !== null).map(({ vector }) => vector.name);
    const expected = vectors.filter(({ name }) => fails.includes(fileOf(name)) || fails.includes(name));
    expect(failed).toEqual(expected.map(({ name }) => name));
  });
});
