import { setTimeout as pause } from 'node:timers/promises';
import type { FaultWorld } from './fault-world.js';
import { Load } from './load.js';

/** A server that works is at rest in a moment; one that does not may never be. */
const REST_MS = 8000;

/** A bit of everything within a few seconds: talk, repeats, removals, lost connections and kills of the server. */
export async function storm(
  world: FaultWorld,
  { kills, ms }: { readonly kills: number; readonly ms: number },
): Promise<void> {
  const people = await world.addPeople(6, 2);
  for (let i = 0; i < 3; i++) await world.addRoom([people[i], ...people.slice(i + 1, i + 4)]);
  const talk = Load.of(world, { again: 0.2 });
  const moves = Load.removals(world, world.rooms, ({ members }) => members.slice(-1));
  for (let part = 0; part <= kills; part++) {
    await pause(ms / (kills + 1) / 2);
    for (const { devices } of people) world.random.pick(devices).drop();
    await pause(ms / (kills + 1) / 2);
    if (part === kills) break;
    await world.kill();
    await world.start();
  }
  await Promise.all([talk.stop(), moves.stop()]);
  await world.comeToRest(REST_MS);
}
