import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';

describe('Gate', () => {
  const pending = () => {
    let end: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (end = resolve));
    return { done, end };
  };

  it('runs as many as it may, the others in their order, and refuses who is too many', async () => {
    const gate = new Gate({ atOnce: 2, waiting: 1, retryAfterMs: 5 });
    const begun: number[] = [];
    const works = [pending(), pending(), pending()];
    const runs = works.map(({ done }, i) =>
      gate.run(() => {
        begun.push(i);
        return done;
      }),
    );
    await expect(gate.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 5 });
    expect(begun).toEqual([0, 1]);
    works[1].end();
    await runs[1];
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    await Promise.all(runs);
  });

  it('goes on after a failure', async () => {
    const gate = new Gate({ atOnce: 1, waiting: 1, retryAfterMs: 5 });
    const failed = gate.run(() => Promise.reject(new Error('no')));
    const next = gate.run(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await gate.run(() => Promise.resolve('again'))).toBe('again');
  });
});
