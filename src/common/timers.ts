import { Logger } from '@nestjs/common';

/** Ends a timer. */
export type Stop = () => void;

const logger = new Logger('Timers');

/**
 * Runs `work` again and again, `ms` milliseconds after it last ended, until stopped. A failure is logged and the next
 * run comes all the same: an error in a bare timer would end the process. Does not keep the process alive.
 */
export function every(ms: number, name: string, work: () => void | Promise<void>): Stop {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const arm = () => {
    if (!stopped) timer = setTimeout(() => void run(), ms).unref();
  };
  const run = async () => {
    try {
      await work();
    } catch (error) {
      logger.error({ event: 'timer.failed', name, error: error instanceof Error ? error.stack : String(error) });
    }
    arm();
  };
  arm();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Runs `work` once after `ms` milliseconds, unless stopped; a failure is logged. */
export function after(ms: number, name: string, work: () => void | Promise<void>): Stop {
  const stop = every(ms, name, async () => {
    stop();
    await work();
  });
  return stop;
}

/** Resolves after `ms` milliseconds. Does not keep the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
