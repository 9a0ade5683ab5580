import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

describe('Turns', () => {
  it('lets works of one name run one after the other, and others beside them', async () => {
    const turns = new Turns();
    const steps: string[] = [];
    const gates = new Map<string, () => void>();
    const work = (name: string) => async () => {
      steps.push(`${name} begins`);
      await new Promise<void>((resolve) => gates.set(name, resolve));
      steps.push(`${name} ends`);
      return name;
    };
    const all = [turns.run('a', work('a1')), turns.run('a', work('a2')), turns.run('b', work('b1'))];
    await new Promise(setImmediate);
    expect(steps).toEqual(['a1 begins', 'b1 begins']);
    gates.get('a1')?.();
    await new Promise(setImmediate);
    expect(steps).toEqual(['a1 begins', 'b1 begins', 'a1 ends', 'a2 begins']);
    gates.get('a2')?.();
    gates.get('b1')?.();
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  });

  it('goes on after a work that fails', async () => {
    const turns = new Turns();
    const failed = turns.run('a', () => Promise.reject(new Error('no')));
    const next = turns.run('a', () => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
