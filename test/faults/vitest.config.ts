import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.js';
import { TallyReporter } from '../support/tally.reporter.js';

/** Faults under load against the built server, held against the history checker. */
export default defineConfig({
  test: {
    name: 'faults',
    include: ['test/faults/**/*.{faults-spec,spec}.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: process.env.FAULTS_FULL === '1' ? 1_800_000 : 90_000,
    hookTimeout: 60_000,
    reporters: ['default', new TallyReporter()],
  },
});
