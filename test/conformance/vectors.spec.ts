import { describe, expect, it } from 'vitest';
import { SdkClient } from '../../conformance/adapters/sdk-client.js';
import type { ClientUnderTest } from '../../conformance/adapters/serve.js';
import { SmallClient } from '../../conformance/adapters/small-client.js';
import { runAll, runVector } from '../../conformance/runner/run-vector.js';
import { loadVectors } from '../../conformance/runner/vector.js';
import { inProcess } from './in-process.js';

const vectors = loadVectors('conformance/vectors');
const PATIENT = { stepMs: 4_000, quietMs: 150 };

/** What each vector that did not pass has to say. */
async function faultsOf(create: () => ClientUnderTest): Promise<Record<string, string>> {
  const results = await runAll(vectors, (vector) => runVector(vector, inProcess(create), PATIENT), 8);
  const failed = results.filter(({ fault }) => fault !== null);
  return Object.fromEntries(failed.map(({ vector, fault }) => [vector.name, String(fault)]));
}

describe('the conformance kit', () => {
  it('finds nothing wrong with the SDK', { retry: 2 }, async () => {
    expect(await faultsOf(() => new SdkClient())).toEqual({});
  });

  it('finds nothing wrong with the small client', { retry: 2 }, async () => {
    expect(await faultsOf(() => new SmallClient())).toEqual({});
  });
});
