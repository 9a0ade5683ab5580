// W6: an open loop. Sends leave at a steady rate, whatever the server does, so a stall is seen by all that fall into it.
// They leave on a timer: a loop that looks at the clock all the time would take the core that the disk's work needs.
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../stats.mjs';
import { newId, textOf } from './ids.mjs';
import { Ledger } from './ledger.mjs';
import { join, settle } from './talk.mjs';

const TEXT_BYTES = 120;

/** Sent before it counts, so that code that runs often has been compiled. */
const WARM_UP_MS = 3000;

/** @param perSecond sends a second over all rooms, for `ms`; latencies in milliseconds, from the write to the ack */
export async function pace({ url, rooms, perSecond, caughtUp, ms }, window) {
  const ledger = new Ledger(rooms);
  const sessions = await join(url, rooms, { ledger, caughtUp });
  const state = { inFlight: 0 };
  const sayOne = (i, latencies) => {
    const room = rooms[i % rooms.length];
    const id = newId();
    const at = performance.now();
    state.inFlight++;
    sessions.get(room.members[0]).send(room.roomId, id, textOf(TEXT_BYTES, id), (answer) => {
      latencies.push(performance.now() - at);
      state.inFlight--;
      ledger.ack(room.roomId, answer);
    });
  };
  await steadily((i) => sayOne(i, []), { perSecond, ms: WARM_UP_MS });
  const latencies = [];
  await window.open();
  await steadily((i) => sayOne(i, latencies), { perSecond, ms });
  await window.close();
  await settle(ledger, state);
  for (const session of sessions.values()) session.socket.destroy();
  return { acked: latencies.length, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** Does something at a steady rate, whatever becomes of it. */
async function steadily(once, { perSecond, ms }) {
  const count = Math.round((perSecond * ms) / 1000);
  const begun = performance.now();
  let done = 0;
  while (done < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) * perSecond) / 1000));
    for (; done < due; done++) once(done);
    await pause(1);
  }
}
