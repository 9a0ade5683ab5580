import { describe, expect, it } from 'vitest';
import { FifoGate } from './fifo-gate.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('FifoGate', () => {
  it('lets one in at a time, in the order of the calls', async () => {
    const gate = new FifoGate();
    const told: string[] = [];
    const work = (name: string, turns: number) => async () => {
      told.push(`${name} in`);
      for (let i = 0; i < turns; i++) await turn();
      told.push(`${name} out`);
      return name;
    };
    const results = await Promise.all([gate.run(work('a', 3)), gate.run(work('b', 0)), gate.run(work('c', 1))]);
    expect(results).toEqual(['a', 'b', 'c']);
    expect(told).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('goes on behind work that fails, and tells only its own caller', async () => {
    const gate = new FifoGate();
    const failed = gate.run(() => Promise.reject(new Error('fails')));
    const next = gate.run(() => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('fails');
    await expect(next).resolves.toBe('next');
  });

  it('begins work later than the call, also where nothing waits', async () => {
    const gate = new FifoGate();
    let begun = false;
    const run = gate.run(() => Promise.resolve((begun = true)));
    expect(begun).toBe(false);
    await run;
    expect(begun).toBe(true);
  });
});
