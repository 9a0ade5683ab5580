import { defineConfig } from 'vitest/config';
import { TallyReporter } from '../support/tally.reporter.js';

/** The page in a real browser, against the built server. */
export default defineConfig({
  test: {
    name: 'page',
    include: ['test/page/**/*.page-spec.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new TallyReporter()],
  },
});
