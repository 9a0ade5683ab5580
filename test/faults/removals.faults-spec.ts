import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { FaultWorld } from './fault-world.js';
import { Load } from './load.js';
import { Mariadb } from './mariadb.js';
import { isFull } from './size.js';
import { tell } from './tell.js';

const REMOVALS = isFull ? 10_000 : 300;
const ROOMS = 8;

/** P8: after the answer to a removal nothing of the room reaches him, and nothing of his is taken. */
describe('removals under load', () => {
  let mariadb: Mariadb;
  beforeAll(async () => {
    mariadb = await Mariadb.create();
  });
  afterAll(() => mariadb.drop());

  it.each(['SQLite', 'MariaDB'])('are exact on %s', async (engine) => {
    const world = await FaultWorld.create(engine === 'MariaDB' ? { mariadb } : {});
    const people = await world.addPeople(ROOMS + 4, 2);
    for (let i = 0; i < ROOMS; i++) await world.addRoom(people.slice(i, i + 5));
    const talk = Load.of(world, { window: 1 });
    const moves = Load.removals(world, world.rooms, ({ members }) => members.slice(1));
    const removals = () => world.history.moves.length / 2;
    while (removals() < REMOVALS) {
      await pause(100);
      // Who comes back must find that he is gone, too.
      if (world.random.chance(0.1)) world.random.pick(world.random.pick(people).devices).drop();
    }
    await Promise.all([moves.stop(), talk.stop()]);
    await world.comeToRest();
    tell(`removals on ${engine}`, world, Math.floor(removals()));
    expect(await world.end()).toEqual({});
  });
});
