import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN } from '../../conformance/adapters/broken.js';
import { SdkClient } from '../../conformance/adapters/sdk-client.js';
import type { ClientUnderTest } from '../../conformance/adapters/serve.js';
import { SmallClient } from '../../conformance/adapters/small-client.js';
import { RealServer } from '../../conformance/runner/real-server.js';
import { runFaults } from '../../conformance/runner/run-faults.js';
import { inProcess } from './in-process.js';

const server = new RealServer('dist/src/main.js');
beforeAll(() => server.start());
afterAll(() => server.drop());

const play = (create: () => ClientUnderTest, seed: number) =>
  runFaults(server, inProcess(create), { seed, actions: 80, settleMs: 20_000 });

describe('behind the bad network of the kit', () => {
  it.each([
    ['the SDK', () => new SdkClient()],
    ['the small client', () => new SmallClient()],
  ])('%s ends with what the server has', async (_, create) => {
    const { faults, network } = await play(create, 7);
    expect(faults).toEqual([]);
    expect(network.cut).toBeGreaterThan(0);
  });

  it('a client that ignores changes does not', async () => {
    const Broken = BROKEN.find(({ name }) => name === 'ignores-changes')!.Client;
    const { faults } = await play(() => new Broken(), 7);
    expect(faults.join()).toContain('message ');
    expect(faults.join()).toContain('checksum');
  });
});
