import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SdkClient } from '../../conformance/adapters/sdk-client.js';
import type { ClientState, ClientUnderTest } from '../../conformance/adapters/serve.js';
import { SmallClient } from '../../conformance/adapters/small-client.js';
import { RealServer } from '../../conformance/runner/real-server.js';
import { runFaults } from '../../conformance/runner/run-faults.js';
import { inProcess } from './in-process.js';

const server = new RealServer('dist/src/main.js');
beforeAll(() => server.start());
afterAll(() => server.drop());

/** Whatever the network does, so that chance has no part in it. */
class LosesTheLast extends SmallClient {
  override state(): ClientState {
    const state = super.state();
    const rooms = Object.entries(state.rooms).map(([id, room]) => [
      id,
      { ...room, messages: room.messages.slice(0, -1) },
    ]);
    return { ...state, rooms: Object.fromEntries(rooms) as ClientState['rooms'] };
  }
}

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

  it('a client that loses the last message does not', async () => {
    const { faults } = await play(() => new LosesTheLast(), 7);
    expect(faults.join()).toContain('it shows');
    expect(faults.join()).toContain('checksum');
  });
});
