import type { FaultWorld } from './fault-world.js';

/** Prints what a scenario did, so that an empty verdict is seen to be about something. */
export function tell(what: string, { history }: FaultWorld, faults: number): void {
  const acked = new Set(history.attempts.flatMap(({ id, outcome }) => (outcome?.kind === 'acked' ? [id] : [])));
  const unknown = history.attempts.filter(({ outcome }) => outcome === null).length;
  const frames = history.told.filter(({ kind }) => kind === 'frame').length;
  const said = `${acked.size} acked, ${history.attempts.length} attempts (${unknown} without an answer), ${frames} frames`;
  process.stdout.write(
    `${what}: ${faults} faults, ${said}, ${history.looks.length} pages, ${history.moves.length} moves\n`,
  );
}
