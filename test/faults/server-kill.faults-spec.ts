import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { FaultWorld } from './fault-world.js';
import { Load } from './load.js';
import { Mariadb } from './mariadb.js';
import { isFull } from './size.js';
import { tell } from './tell.js';

const KILLS = isFull ? 50 : 5;

/** P2–P5: the server is killed at random moments under load; what was acked is there, once, in one order. */
describe('kill -9 of the server under load', () => {
  let mariadb: Mariadb;
  beforeAll(async () => {
    mariadb = await Mariadb.create();
  });
  afterAll(() => mariadb.drop());

  it.each(['SQLite', 'MariaDB'])('loses, doubles and disorders nothing on %s', async (engine) => {
    const world = await FaultWorld.create(engine === 'MariaDB' ? { mariadb } : {});
    const people = await world.addPeople(8, 2);
    for (let i = 0; i < 4; i++) await world.addRoom(people.slice(i, i + 5));
    const load = Load.of(world);
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(world.random.between(100, 1500));
      await world.kill();
      await world.start();
    }
    await pause(500);
    await load.stop();
    await world.comeToRest();
    tell(`kill -9 of the server on ${engine}`, world, KILLS);
    expect(await world.end()).toEqual({});
  });
});
