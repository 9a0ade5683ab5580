import type { Result } from './run-vector.js';

/** Tells of each vector; says whether all passed. */
export function printReport(results: readonly Result[], print: (line: string) => void): boolean {
  for (const { vector, fault, ms } of results) {
    print(`${fault === null ? 'passed' : 'FAILED'}  ${vector.name} (${ms} ms)`);
    if (fault === null) continue;
    print(`        a client ${vector.title}`);
    print(`        docs/protocol.md: ${vector.why}`);
    print(`        ${fault}`);
  }
  const failed = results.filter(({ fault }) => fault !== null).length;
  print(`${results.length - failed} of ${results.length} vectors passed`);
  return failed === 0;
}
