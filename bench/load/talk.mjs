// W1 and W2h: a closed loop. Each room keeps a number of sends outstanding; each ack is followed by the next send.
import { newId, textOf } from './ids.mjs';
import { Ledger } from './ledger.mjs';
import { Session } from './session.mjs';
import { setTimeout as pause } from 'node:timers/promises';

/** So long that code that runs often has been compiled. */
const WARM_UP_MS = 4000;
const TEXT_BYTES = 120;

/**
 * @param rooms `{ roomId, members: [{ userId, token }] }`; each member has one socket
 * @param outstanding sends in flight in each room, shared out over its first members
 */
export async function talk({ url, rooms, outstanding, caughtUp, ms }, window) {
  const ledger = new Ledger(rooms);
  const sessions = await join(url, rooms, { ledger, caughtUp });
  const state = { isOpen: true, inFlight: 0 };
  for (const room of rooms) {
    for (let i = 0; i < outstanding; i++)
      sayOn(sessions.get(room.members[i % room.members.length]), room, { ledger, state });
  }
  await pause(WARM_UP_MS);
  const before = counts(ledger);
  await window.open();
  const begun = performance.now();
  await pause(ms);
  const elapsed = performance.now() - begun;
  const after = counts(ledger);
  await window.close();
  state.isOpen = false;
  await settle(ledger, state);
  for (const session of sessions.values()) session.socket.destroy();
  return { acked: after.acked - before.acked, delivered: after.delivered - before.delivered, elapsed };
}

const counts = ({ acked, delivered }) => ({ acked, delivered });

/** One started session for each member, by seat. */
export async function join(url, rooms, { ledger, caughtUp, onMessage = () => undefined }) {
  const sessions = new Map();
  for (const seat of new Set(rooms.flatMap((room) => room.members))) {
    const session = await Session.start(url, seat, { caughtUp });
    const observe = ledger.observer();
    session.onEvent = (text) => {
      const id = observe(text);
      if (id) onMessage(id, seat);
    };
    sessions.set(seat, session);
  }
  return sessions;
}

function sayOn(session, room, { ledger, state }) {
  const say = () => {
    const id = newId();
    state.inFlight++;
    session.send(room.roomId, id, textOf(TEXT_BYTES, id), (answer) => {
      state.inFlight--;
      ledger.ack(room.roomId, answer);
      if (state.isOpen) say();
    });
  };
  say();
}

/** Waits for what is on its way; throws where something does not arrive. */
export async function settle(ledger, state) {
  for (let waited = 0; waited < 20_000; waited += 20) {
    if (state.inFlight === 0 && ledger.isComplete) return;
    await pause(20);
  }
  throw new Error(`${state.inFlight} sends unanswered, ${ledger.missing} deliveries missing`);
}
