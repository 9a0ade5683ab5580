import { type Readable, Transform, pipeline } from 'node:stream';
import { every } from '../common/timers.js';

/**
 * The same bytes, until their reader stops: when some are waiting and none is taken for `ms` to twice `ms`, the stream
 * is destroyed, and the source with it. A source that is slow is waited for.
 */
export function endedWhenUnread(source: Readable, ms: number): Readable {
  let passed = 0;
  const passing = new Transform({
    transform(bytes: Buffer, _, done) {
      passed += bytes.length;
      done(null, bytes);
    },
  });
  /** How many bytes had been taken at the last look, where more were waiting. */
  let before: number | null = null;
  const stop = every(ms, 'accounts.unreadExport', () => {
    const waiting = passing.readableLength;
    const taken = passed - waiting;
    if (waiting > 0 && taken === before) passing.destroy(new Error('nobody reads the archive'));
    before = waiting > 0 ? taken : null;
  });
  // Whoever reads it sees a failure of the source as its own.
  return pipeline(source, passing, () => stop());
}
