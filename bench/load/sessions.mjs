// W3: many sessions that only stand there.
import { setTimeout as pause } from 'node:timers/promises';
import { Session } from './session.mjs';

const AT_ONCE = 64;
const IDLE_MS = 10_000;

/** Starts a session for each seat, then looks at them doing nothing. */
export async function sessions({ url, seats, caughtUp }, window) {
  const open = [];
  const left = [...seats];
  await window.open();
  const begun = performance.now();
  const worker = async () => {
    for (let seat = left.pop(); seat; seat = left.pop()) open.push(await Session.start(url, seat, { caughtUp }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const elapsed = performance.now() - begun;
  await window.mark('started');
  await pause(IDLE_MS);
  await window.close();
  for (const session of open) session.socket.destroy();
  return { started: open.length, elapsed, idleMs: IDLE_MS };
}
