import { describe, expect, it, vi } from 'vitest';
import { BROKEN } from '../../conformance/adapters/broken.js';
import { runAll, runVector } from '../../conformance/runner/run-vector.js';
import { type Vector, loadVectors } from '../../conformance/runner/vector.js';
import { inProcess } from './in-process.js';

const vectors = loadVectors('conformance/vectors');
// They mostly wait.
vi.setConfig({ maxConcurrency: 10 });

const fileOf = (name: string): string => name.replace(/\/.*/, '');

/** The silence that the client has to notice. */
const silenceOf = ({ truth, timing }: Vector): number =>
  Number(truth?.['heartbeatMs'] ?? 0) + Number(timing?.['graceMs'] ?? 0);

/**
 * Where a vector has to fail, its patience is what the test costs; where it has to pass, a slow machine must not make it
 * fail.
 */
const patienceFor = (vector: Vector, isToFail: boolean) => ({
  stepMs: isToFail ? 700 + silenceOf(vector) : 20_000,
  quietMs: 150,
});

describe('the conformance kit finds what is wrong with a client that', () => {
  // A machine that stalls makes a client look silent: by chance once, not three times.
  it.concurrent.each(BROKEN)('$name, and nothing else', { retry: 2 }, async ({ Client, fails }) => {
    const source = inProcess(() => new Client());
    const isToFail = ({ name }: Vector) => fails.includes(fileOf(name)) || fails.includes(name);
    const run = (vector: Vector) => runVector(vector, source, patienceFor(vector, isToFail(vector)));
    const results = await runAll(vectors, run, 8);
    const failed = results.filter(({ fault }) => fault !== null).map(({ vector }) => vector.name);
    expect(failed).toEqual(vectors.filter(isToFail).map(({ name }) => name));
  });
});
