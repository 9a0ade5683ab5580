import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, every } from './timers.js';

describe('a timer', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('a fault inside');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a fault inside'))],
  ])('that %s is logged, and runs again in its time', async (_, work) => {
    const log = vi.spyOn(Logger.prototype, 'error').mockReturnValue();
    const run = vi.fn<() => void | Promise<void>>(work);
    const stop = every(100, 'test.work', run);
    await vi.advanceTimersByTimeAsync(99);
    expect(run).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(201);
    expect(run).toHaveBeenCalledTimes(3);
    const line = { event: 'timer.failed', name: 'test.work', error: expect.stringContaining('a fault inside') };
    expect(log.mock.calls).toEqual([[line], [line], [line]]);
    stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('that runs once runs once, also where it fails, and not when it was stopped', async () => {
    vi.spyOn(Logger.prototype, 'error').mockReturnValue();
    const failing = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('a fault inside')));
    const stopped = vi.fn<() => void>();
    after(100, 'test.once', failing);
    after(100, 'test.never', stopped)();
    await vi.advanceTimersByTimeAsync(1000);
    expect([failing.mock.calls.length, stopped.mock.calls.length]).toEqual([1, 0]);
  });
});
