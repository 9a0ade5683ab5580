import { defineConfig } from 'vitest/config';
import { TallyReporter } from './test/support/tally.reporter.js';

const e2e = ['test/**/*.e2e-spec.ts'];
// The worker thread of search is run as it was built, also where the rest is run from the sources.
const built = { globalSetup: ['test/support/built.ts'] };
const common = {
  exclude: ['test/page/**', 'test/faults/**', 'node_modules/**', 'dist/**'],
  pool: 'forks' as const,
  testTimeout: 40_000,
  hookTimeout: 60_000,
};

/** The kit for clients starts a server with SQLite, whatever the tests run on. */
const exclude = [...common.exclude, 'test/conformance/**'];

/** Specs of pure parts once, and everything that needs a server once a database. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', new TallyReporter()],
    projects: [
      { test: { ...common, name: 'unit', include: ['{src,sdk,web,test,bench}/**/*.spec.ts'] } },
      { test: { ...common, ...built, name: 'sqlite', include: e2e } },
      ...(process.env.TEST_MYSQL_URL
        ? [{ test: { ...common, ...built, name: 'mariadb', include: e2e, exclude, env: { TEST_ENGINE: 'mysql' } } }]
        : []),
    ],
  },
});
