// W3: many sessions that only stand there.
import { setTimeout as pause } from 'node:timers/promises';
import { Session } from './session.mjs';

const AT_ONCE = 64;
const IDLE_MS = 10_000;
const GONE_MS = 2000;

/**
 * Starts a session for each seat, then looks at them doing nothing: that is what they weigh. Then all go and come back,
 * twice, as after a restart of what stands before the server: the second time is how fast they sign in, with code that
 * has run so often that it is compiled.
 */
export async function sessions({ url, seats, caughtUp }, window) {
  await window.open();
  const first = await startAll(url, seats, caughtUp);
  await window.mark('standing');
  await pause(IDLE_MS);
  await window.mark('stood');
  await leave(first);
  await leave(await startAll(url, seats, caughtUp));
  await window.mark('back');
  const begun = performance.now();
  const again = await startAll(url, seats, caughtUp);
  const elapsed = performance.now() - begun;
  await window.close();
  await leave(again);
  return { started: seats.length, elapsed, idleMs: IDLE_MS };
}

async function leave(started) {
  for (const { socket } of started) socket.destroy();
  await pause(GONE_MS);
}

async function startAll(url, seats, caughtUp) {
  const open = [];
  const left = [...seats];
  const worker = async () => {
    for (let seat = left.pop(); seat; seat = left.pop()) open.push(await Session.start(url, seat, { caughtUp }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return open;
}
