import { setTimeout as pause } from 'node:timers/promises';
import type { FaultWorld } from './fault-world.js';
import { Load } from './load.js';

/** A server that works is at rest in a moment; one that does not may never be. */
const REST_MS = 8000;
/** What has to happen between two kills, however long a busy machine takes for it, */
const [MOVES, ATTEMPTS] = [16, 150];
/** within reason: with some bugs nobody gets anywhere. */
const PART_MS = 12_000;

/** A bit of everything within a few seconds: talk, repeats, removals, lost connections and kills of the server. */
export async function storm(world: FaultWorld, { kills }: { readonly kills: number }): Promise<void> {
  const people = await world.addPeople(6, 2);
  for (let i = 0; i < 3; i++) await world.addRoom([people[i], ...people.slice(i + 1, i + 4)]);
  const talk = Load.of(world, { again: 0.2 });
  const moves = Load.removals(world, world.rooms, ({ members }) => members.slice(-1));
  for (let part = 0; part <= kills; part++) {
    await happens(world, { moves: MOVES / 2, attempts: ATTEMPTS / 2 });
    for (const { devices } of people) world.random.pick(devices).drop();
    await happens(world, { moves: MOVES / 2, attempts: ATTEMPTS / 2 });
    if (part === kills) break;
    await world.kill();
    await world.start();
  }
  await Promise.all([talk.stop(), moves.stop()]);
  await world.comeToRest(REST_MS);
}

/** Waits until that much more has happened. */
async function happens({ history }: FaultWorld, more: { readonly moves: number; readonly attempts: number }) {
  const [moves, attempts] = [history.moves.length + more.moves, history.attempts.length + more.attempts];
  const until = Date.now() + PART_MS / 2;
  while ((history.moves.length < moves || history.attempts.length < attempts) && Date.now() < until) await pause(50);
}
