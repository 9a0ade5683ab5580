import type { FaultResult } from './run-faults.js';
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

/** Tells of one talk over a bad network; says whether the client came through. */
export function printFaults(seed: number, { faults, network }: FaultResult, print: (line: string) => void): boolean {
  print(`${faults.length === 0 ? 'passed' : 'FAILED'}  seed ${seed} ${JSON.stringify(network)}`);
  for (const fault of faults) print(`        ${fault}`);
  return faults.length === 0;
}
