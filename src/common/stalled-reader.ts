import { type Readable, Transform, pipeline } from 'node:stream';
import { every } from './timers.js';

/**
 * The same bytes, until their reader stops: when some are waiting and none is taken for `ms` to twice `ms`, the stream
 * is destroyed, and the source with it; the end of the bytes waits as they do. A source that is slow is waited for.
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
  const stop = every(ms, 'common.unreadStream', () => {
    const isWaiting = passing.readableLength > 0 || passing.writableFinished;
    const taken = passed - passing.readableLength;
    if (isWaiting && taken === before) passing.destroy(new Error('nobody reads on'));
    before = isWaiting ? taken : null;
  });
  // Whoever reads it sees a failure of the source as its own.
  return pipeline(source, passing, () => stop());
}
