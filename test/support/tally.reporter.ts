import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end what the tests ran on, and adds "passed failed" to the file that `.ci/run` sums up. */
export class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length };
    for (const module of modules) {
      const before = count.passed + count.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') count[state]++;
      }
      // A file that broke before its first test failed all the same.
      if (!module.ok() && before === count.passed + count.failed) count.failed++;
    }
    const projects = [...new Set(modules.map((module) => module.project.name))].sort((a, b) => a.localeCompare(b));
    process.stdout.write(`ran on: ${projects.join(', ')} (Node ${process.version})\n`);
    const tally = process.env.TEST_TALLY;
    if (tally) appendFileSync(tally, `${count.passed} ${count.failed}\n`);
  }
}
